import { expect, it } from 'vitest';
import { keptLayersText } from '#renderer/lib/kept-layers-text.ts';

it('says what of the layers on this computer goes, and why those of unknown origin go too', () => {
  expect(keptLayersText({ bytes: 0, unknownBytes: 0 })).toBe('');
  expect(keptLayersText({ bytes: 2048, unknownBytes: 0 })).toBe(
    '2.00 KiB of layers that it gave are deleted from this computer.',
  );
  expect(keptLayersText({ bytes: 2048, unknownBytes: 1024 })).toBe(
    '2.00 KiB of layers that it gave are deleted from this computer. So are 1.00 KiB of layers that an earlier version kept without noting from where: they may be from here.',
  );
  expect(keptLayersText({ bytes: 0, unknownBytes: 1024 })).toMatch(/^1\.00 KiB of layers that an earlier version kept/);
});
