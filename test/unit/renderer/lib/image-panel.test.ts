import { describe, expect, test } from 'vitest';
import { indexViewSchema } from '#shared/api/images.ts';
import { chooseChild, platformChildren } from '#renderer/lib/image-panel.ts';

const digest = (fill: string) => `sha256:${fill.repeat(32)}`;

function child(fill: string, role: string, platformText?: string) {
  const descriptor = { mediaType: 'x/y', digest: digest(fill), sizeBytes: 1 };
  return { descriptor, role, platformText, attestations: [] };
}

function index(defaultChild: string | undefined, ...children: readonly object[]) {
  const common = { digest: digest('00'), mediaType: 'x/y', sizeBytes: 1, annotations: [], warnings: [] };
  return indexViewSchema.parse({ kind: 'index', ...common, children, defaultChild });
}

const view = index(
  digest('bb'),
  child('ee', 'index'),
  child('aa', 'platform', 'linux/arm64'),
  child('bb', 'platform', 'linux/amd64'),
);

describe('the platform shown of an index', () => {
  test('is the one asked for, before the one remembered, before the default', () => {
    expect(chooseChild(view, digest('aa'), 'linux/amd64')?.platformText).toBe('linux/arm64');
    expect(chooseChild(view, undefined, 'linux/arm64')?.platformText).toBe('linux/arm64');
    expect(chooseChild(view, undefined, undefined)?.platformText).toBe('linux/amd64');
  });

  test('a platform that is not there is passed over', () => {
    expect(chooseChild(view, digest('ff'), 'plan9/mips')?.platformText).toBe('linux/amd64');
  });

  test('is never a nested index, and none when there is no platform', () => {
    expect(platformChildren(view)).toHaveLength(2);
    expect(chooseChild(index(undefined, child('ee', 'index')), digest('ee'), undefined)).toBeUndefined();
  });
});
