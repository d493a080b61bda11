import { describe, expect, it } from 'vitest';
import type { CopySource } from '#renderer/lib/copy-sources.ts';
import {
  isTaken,
  judgeTarget,
  pointOfSources,
  targetBadgeText,
  targetOfImage,
  type Dragged,
} from '#renderer/lib/drop-target.ts';

const image = (reference: string): CopySource => ({
  kind: 'image',
  registryId: 'hub',
  repository: 'shop/web',
  reference,
});
const point = (reference: string, platform?: string) => ({
  registryId: 'hub',
  repository: 'shop/web',
  reference,
  ...(platform === undefined ? {} : { platform }),
});
const hostOf = (registryId: string) => `${registryId}.example`;
const dragged = (...sources: readonly CopySource[]): Dragged => ({ sources, point: pointOfSources(sources) });

describe('an image under the pointer', () => {
  it('is compared with when one image is held over it', () => {
    const target = targetOfImage(point('1.1'), dragged(image('1.0')));
    const verdict = judgeTarget(dragged(image('1.0')), target, hostOf);
    expect(verdict).toEqual({ kind: 'compare', left: point('1.0'), right: point('1.1') });
    expect(targetBadgeText(dragged(image('1.0')), verdict)).toBe('compare with shop/web:1.1');
  });

  it('stands for its repository when several are held over it, a repository, or archives', () => {
    const repository = { kind: 'repository', registryId: 'hub', repository: 'shop/web' } as const;
    expect(targetOfImage(point('1.1'), dragged(image('1.0'), image('1.2')))).toEqual(repository);
    const whole = { kind: 'repository', registryId: 'hub', repository: 'other' } as const;
    expect(targetOfImage(point('1.1'), dragged(whole))).toEqual(repository);
    expect(targetOfImage(point('1.1'), 'archives')).toEqual(repository);
  });

  it('is not compared with itself, but with another platform of it', () => {
    const itself = judgeTarget(dragged(image('1.1')), { kind: 'image', point: point('1.1') }, hostOf);
    expect(isTaken(itself)).toBe(false);
    expect(targetBadgeText(dragged(image('1.1')), itself)).toBe('shop/web:1.1 is this very image');
    const arm: Dragged = { sources: [image('1.1')], point: point('1.1', 'linux/arm64') };
    const verdict = judgeTarget(arm, { kind: 'image', point: point('1.1', 'linux/amd64') }, hostOf);
    expect(targetBadgeText(arm, verdict)).toBe('compare with shop/web:1.1 (linux/amd64)');
  });
});

describe('a side of the comparison under the pointer', () => {
  const side = { kind: 'side', side: 'left' } as const;

  it('takes one image', () => {
    const verdict = judgeTarget(dragged(image('1.0')), side, hostOf);
    expect(verdict).toEqual({ kind: 'put', side: 'left', point: point('1.0') });
    expect(targetBadgeText(dragged(image('1.0')), verdict)).toBe('compare: shop/web:1.0 on the left');
  });

  it('says why it takes no more', () => {
    const many = dragged(image('1.0'), image('1.1'));
    const verdict = judgeTarget(many, side, hostOf);
    expect(isTaken(verdict)).toBe(false);
    expect(targetBadgeText(many, verdict)).toBe('only one image at a time can be compared');
  });
});

describe('a place under the pointer', () => {
  it('takes a copy as before', () => {
    const other = { kind: 'repository', registryId: 'hub', repository: 'other' } as const;
    const verdict = judgeTarget(dragged(image('1.0')), other, hostOf);
    expect(verdict.kind).toBe('copy');
    expect(targetBadgeText(dragged(image('1.0')), verdict)).toBe(
      'copy to hub.example/other:1.0, mounted: nothing to send',
    );
  });
});
