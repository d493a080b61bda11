import { describe, expect, it } from 'vitest';
import { comparisonMarkdown } from '#renderer/lib/compare-markdown.ts';
import type { ImageComparison } from '#shared/api/compare.ts';
import { parseDigest } from '#shared/oci/digest.ts';

const digest = (digit: string) => parseDigest(`sha256:${digit.repeat(64)}`);
const side = (digit: string, sizeBytes: number) => ({
  reference: 'latest',
  digest: digest(digit),
  platformText: 'linux/amd64',
  sizeBytes,
  layerCount: 2,
  platforms: [],
});
const layer = (index: number, digit: string) => ({ layer: index, digest: digest(digit), sizeBytes: 1024 });

const COMPARISON: ImageComparison = {
  left: side('a', 2048),
  right: side('b', 4096),
  isSame: false,
  fields: [
    { name: 'User', difference: 'changed', left: 'root', right: 'app' },
    { name: 'WorkingDir', difference: 'same', left: '/srv', right: '/srv' },
  ],
  env: [{ name: 'PATH', difference: 'added', right: '/bin' }],
  labels: [],
  annotations: [{ name: 'only-same', difference: 'same', left: 'x', right: 'x' }],
  ports: [],
  volumes: [],
  history: [],
  layers: [
    { match: 'digest', left: layer(0, 'c'), right: layer(0, 'c') },
    { left: layer(1, 'd'), right: layer(1, 'e') },
  ],
  sharedBytes: 1024,
  leftOnlyBytes: 1024,
  rightOnlyBytes: 2048,
};

describe('a comparison as Markdown', () => {
  it('says what the two are, and only what differs, a table for each kind', () => {
    const text = comparisonMarkdown({ left: 'r/app:1', right: 'r/app:2' }, COMPARISON);
    expect(text).toContain('## r/app:1 → r/app:2\n');
    expect(text).toContain(`| Digest | \`${digest('a')}\` | \`${digest('b')}\` |`);
    expect(text).toContain('1.00 KiB shared, 1.00 KiB only left, 2.00 KiB only right; 1 of 2 layers differ.');
    expect(text).toContain('### Settings\n\n| Name | Left | Right |\n| --- | --- | --- |\n| User | root | app |\n');
    expect(text).toContain('### Environment');
    expect(text).toContain('| PATH |  | /bin |');
    expect(text).not.toMatch(/WorkingDir|Annotations|Labels/);
  });

  it('N02 N03 lets nothing a registry wrote be markup, another cell or another line, and cuts what is long', () => {
    const labels = [
      { name: 'a|b\n# c', difference: 'changed', left: '<img src=x>', right: '[x](javascript:alert(1)) `y`' },
      { name: 'long', difference: 'added', right: 'x'.repeat(1000) },
    ] as const;
    const text = comparisonMarkdown({ left: '*l*', right: 'r' }, { ...COMPARISON, labels: [...labels] });
    expect(text).toContain('## \\*l\\* → r');
    const [row = '', long = ''] = text
      .split('\n')
      .filter((line) => line.startsWith('| a') || line.startsWith('| long'));
    expect(row).toContain('| \\<img src=x\\> | \\[x\\]\\(javascript:alert\\(1\\)\\) \\`y\\` |');
    expect(row.startsWith('| a\\|b')).toBe(true);
    expect(long.length).toBeLessThan(340);
    expect(long).toMatch(/…\s\|$/);
  });
});
