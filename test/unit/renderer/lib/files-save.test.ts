import { describe, expect, it } from 'vitest';
import type { FileRow } from '#shared/api/file-rows.ts';
import { saveableRow, saveableWhole } from '#renderer/lib/files-save.ts';
import { saveProgressText, savedText } from '#renderer/lib/save-text.ts';

const row = (fields: Partial<FileRow>): FileRow => ({
  path: 'opt/tool',
  name: 'tool',
  type: 'file',
  sizeBytes: 1,
  mode: 0o644,
  uid: 0,
  gid: 0,
  modifiedSeconds: 0,
  state: 'present',
  notes: [],
  versionCount: 1,
  ...fields,
});
const IMAGE = { show: 'image', deleted: false } as const;

describe('what can be saved', () => {
  it('is a file as it is seen: in the finished image, or after a layer', () => {
    expect(saveableRow(row({}), IMAGE)).toEqual({
      label: 'Save file…',
      what: { kind: 'file', path: 'opt/tool' },
    });
    expect(saveableRow(row({}), { ...IMAGE, layer: 2 })?.what).toEqual({
      kind: 'file',
      path: 'opt/tool',
      upToLayer: 2,
    });
    expect(saveableRow(row({}), { show: 'layer', layer: 2, deleted: false })?.what).toMatchObject({ upToLayer: 2 });
  });

  it('is a folder with all below it, or what one layer has of it', () => {
    const folder = row({ type: 'directory' });
    expect(saveableRow(folder, { ...IMAGE, layer: 1 })).toEqual({
      label: 'Save folder as tar…',
      what: { kind: 'tar', path: 'opt/tool', upToLayer: 1 },
    });
    expect(saveableRow(folder, { show: 'layer', layer: 1, deleted: false })).toEqual({
      label: 'Save folder as tar…',
      what: { kind: 'tar', path: 'opt/tool' },
      onlyLayer: 1,
    });
  });

  it('is nothing that is deleted, a device or a marker', () => {
    expect(saveableRow(row({ state: 'hidden' }), IMAGE)).toBeUndefined();
    expect(saveableRow(row({ change: { status: 'removed', metadata: [] } }), IMAGE)).toBeUndefined();
    expect(saveableRow(row({ type: 'char-device' }), IMAGE)).toBeUndefined();
    expect(saveableRow(row({ type: 'whiteout' }), IMAGE)).toBeUndefined();
  });

  it('is everything in view', () => {
    expect(saveableWhole(IMAGE)).toMatchObject({ what: { kind: 'tar', path: '' } });
    expect(saveableWhole({ ...IMAGE, layer: 0 })).toMatchObject({ what: { upToLayer: 0 } });
    expect(saveableWhole({ show: 'changes', layer: 3, deleted: false })).toMatchObject({
      label: 'Save what layer 4 brings as tar…',
      what: { kind: 'tar', path: '' },
      onlyLayer: 3,
    });
  });
});

describe('how a save goes', () => {
  const MIB = 1024 * 1024;

  it('tells the pace once there is one to judge by', () => {
    const progress = { kind: 'progress', writtenBytes: 12 * MIB, totalBytes: 36 * MIB } as const;
    expect(saveProgressText(progress, 200)).toBe('12.0 MiB of 36.0 MiB');
    expect(saveProgressText(progress, 2000)).toBe('12.0 MiB of 36.0 MiB · 6.00 MiB/s · 4 s left');
  });

  it('never shows more written than there is', () => {
    const progress = { kind: 'progress', writtenBytes: 3 * MIB, totalBytes: 2 * MIB } as const;
    expect(saveProgressText(progress, 0)).toBe('3.00 MiB of 3.00 MiB');
  });

  it('counts entries of a tar', () => {
    const done = { kind: 'done', writtenBytes: 2048, fileName: 'x', leftOut: [], leftOutCount: 0 } as const;
    expect(savedText({ ...done, entryCount: 1, leftOut: [] })).toBe('2.00 KiB');
    expect(savedText({ ...done, entryCount: 1200, leftOut: [] })).toBe('2.00 KiB · 1,200 entries');
  });
});
