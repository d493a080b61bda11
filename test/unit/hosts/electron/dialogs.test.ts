import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createDialogs } from '#main/hosts/electron/dialogs.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

type Options = { readonly properties?: readonly string[]; readonly defaultPath?: string };

/** What the person chooses, and what was shown and revealed. */
const seen = vi.hoisted(() => ({
  choose: (): Promise<readonly string[]> => Promise.resolve([]),
  shown: [] as Options[],
  revealed: [] as string[],
  windows: [{}] as object[],
}));

vi.mock('electron', () => ({
  app: { getPath: () => '/home/somebody/Downloads' },
  BrowserWindow: { getFocusedWindow: () => null, getAllWindows: () => seen.windows },
  dialog: {
    showOpenDialog: async (_window: object, options: Options) => {
      seen.shown.push(options);
      const filePaths = await seen.choose();
      return { canceled: filePaths.length === 0, filePaths };
    },
    showSaveDialog: async (_window: object, options: Options) => {
      seen.shown.push(options);
      const [filePath = ''] = await seen.choose();
      return { canceled: filePath === '', filePath };
    },
  },
  shell: { showItemInFolder: (path: string) => seen.revealed.push(path) },
}));

beforeEach(() => {
  Object.assign(seen, { shown: [], revealed: [], windows: [{}] });
});
const choosing = (...paths: readonly string[]) => (seen.choose = () => Promise.resolve(paths));

describe('chooseArchive', () => {
  it.each([
    ['file', ['openFile']],
    ['folder', ['openDirectory']],
  ] as const)('gives the %s that was chosen, and undefined for none', async (what, properties) => {
    choosing('/tmp/images');
    expect(await createDialogs().chooseArchive(what)).toBe('/tmp/images');
    expect(seen.shown).toMatchObject([{ properties }]);
    choosing();
    expect(await createDialogs().chooseArchive(what)).toBeUndefined();
  });

  it('shows one dialog at a time, and none without a window', async () => {
    const dialogs = createDialogs();
    let answer: (paths: readonly string[]) => void = () => undefined;
    seen.choose = () => new Promise((resolve) => (answer = resolve));
    const first = dialogs.chooseArchive('file');
    expect(await dialogs.chooseArchive('file')).toBeUndefined();
    expect(await dialogs.chooseDestination({ what: 'file', name: 'a.tar' })).toBeUndefined();
    answer(['/tmp/images']);
    expect(await first).toBe('/tmp/images');
    expect(seen.shown).toHaveLength(1);
    seen.windows = [];
    expect(await dialogs.chooseArchive('file')).toBeUndefined();
  });
});

describe('chooseDestination', () => {
  it('asks before a file is replaced, beginning in Downloads', async () => {
    choosing('/tmp/images.tar');
    expect(await createDialogs().chooseDestination({ what: 'file', name: 'app.tar' })).toBe('/tmp/images.tar');
    expect(seen.shown).toMatchObject([
      {
        defaultPath: join('/home/somebody/Downloads', 'app.tar'),
        properties: ['createDirectory', 'showOverwriteConfirmation'],
      },
    ]);
    choosing();
    expect(await createDialogs().chooseDestination({ what: 'file', name: 'app.tar' })).toBeUndefined();
  });

  it('takes an empty folder or a layout as it is, and makes a new one in any other', async () => {
    const parent = temporaryFolder();
    for (const name of ['empty', 'layout', 'other']) mkdirSync(join(parent, name));
    writeFileSync(join(parent, 'layout/oci-layout'), '{}');
    writeFileSync(join(parent, 'other/thesis.txt'), '');
    const chosen = async (name: string) => {
      choosing(join(parent, name));
      return createDialogs().chooseDestination({ what: 'folder', name: 'app' });
    };
    expect(await chosen('empty')).toBe(join(parent, 'empty'));
    expect(await chosen('layout')).toBe(join(parent, 'layout'));
    expect(await chosen('other')).toBe(join(parent, 'other/app'));
    choosing();
    expect(await createDialogs().chooseDestination({ what: 'folder', name: 'app' })).toBeUndefined();
  });
});

describe('reveal', () => {
  it('shows what is there, and says when it is not', async () => {
    const folder = temporaryFolder();
    expect(await createDialogs().reveal(folder)).toBe(true);
    expect(await createDialogs().reveal(join(folder, 'gone'))).toBe(false);
    expect(seen.revealed).toEqual([folder]);
  });
});
