import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { app, BrowserWindow, dialog, shell } from 'electron';
import type { Dialogs } from '../../core/ports.ts';

const ARCHIVES = [
  { name: 'Archives of images', extensions: ['tar', 'gz', 'tgz', 'zst', 'tzst'] },
  { name: 'All files', extensions: ['*'] },
];

/**
 * The system's dialogs, in front of our window. One at a time: what a page asks for meanwhile is as though the person
 * had chosen nothing, so that a page cannot flood the screen.
 */
export function createDialogs(): Dialogs {
  let asking = false;
  const ask = async <T>(show: (window: BrowserWindow) => Promise<T>): Promise<T | undefined> => {
    const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
    if (asking || window === undefined) return undefined;
    asking = true;
    try {
      return await show(window);
    } finally {
      asking = false;
    }
  };
  return {
    chooseArchive: (what) => ask((window) => openOne(window, what)),
    chooseDestination: ({ what, name }) =>
      ask((window) => (what === 'file' ? saveFile(window, name) : chooseFolder(window, name))),
    reveal: async (path) => {
      try {
        await lstat(path);
      } catch {
        return false;
      }
      shell.showItemInFolder(path);
      return true;
    },
  };
}

async function openOne(window: BrowserWindow, what: 'file' | 'folder'): Promise<string | undefined> {
  const isFile = what === 'file';
  const { filePaths } = await dialog.showOpenDialog(window, {
    title: isFile ? 'Open an archive of images' : 'Open an OCI layout folder',
    properties: [isFile ? 'openFile' : 'openDirectory'],
    ...(isFile ? { filters: ARCHIVES } : {}),
  });
  return filePaths[0];
}

async function saveFile(window: BrowserWindow, name: string): Promise<string | undefined> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: 'Save images as',
    defaultPath: join(app.getPath('downloads'), name),
    filters: [{ name: 'Tar archive', extensions: ['tar'] }],
    properties: ['createDirectory', 'showOverwriteConfirmation'],
  });
  return canceled || filePath === '' ? undefined : filePath;
}

/** A layout that is there is added to, and an empty folder becomes one. In any other folder a new one is made. */
async function chooseFolder(window: BrowserWindow, name: string): Promise<string | undefined> {
  const { filePaths } = await dialog.showOpenDialog(window, {
    title: 'Save as an OCI layout in',
    buttonLabel: 'Save here',
    defaultPath: app.getPath('downloads'),
    properties: ['openDirectory', 'createDirectory'],
  });
  const [folder] = filePaths;
  if (folder === undefined) return undefined;
  const names = await readdir(folder);
  return names.length === 0 || names.includes('oci-layout') ? folder : join(folder, name);
}
