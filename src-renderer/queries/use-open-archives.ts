import type { AppError } from '#shared/api/app-error.ts';
import type { Archive } from '#shared/api/archives.ts';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { api, pathOfFile, uploadFile } from '../host/index.ts';
import type { PickedArchive } from '../lib/transfer-draft.ts';
import { appErrorOf } from './app-error.ts';
import { useHostInfo } from './host.ts';

/** An archive on its way into the engine, or there. */
export type OpenArchive = {
  readonly key: string;
  readonly name: string;
} & (
  | { readonly state: 'uploading'; readonly sentBytes: number; readonly totalBytes: number }
  | { readonly state: 'reading' }
  | { readonly state: 'open'; readonly archive: Archive }
  | { readonly state: 'failed'; readonly error: AppError }
);

type Report = (change: Pick<OpenArchive, never> & OpenArchive) => void;

function sizeOf({ files }: PickedArchive): number {
  return files.reduce((sum, { file }) => sum + file.size, 0);
}

/** Sends the files one after another, each in one request, and has the engine look what they are. */
async function upload(picked: PickedArchive, key: string, report: Report, signal: AbortSignal): Promise<Archive> {
  const { name, kind, files } = picked;
  const totalBytes = sizeOf(picked);
  const { archiveId } = await api.archives.beginUpload({ name, kind, sizeBytes: totalBytes }, { signal });
  try {
    let sentBefore = 0;
    for (const { path, file } of files) {
      await uploadFile({
        archiveId,
        path,
        file,
        signal,
        onProgress: (sentBytes) => {
          report({ key, name, state: 'uploading', sentBytes: sentBefore + sentBytes, totalBytes });
        },
      });
      sentBefore += file.size;
    }
    report({ key, name, state: 'reading' });
    return await api.archives.finishUpload({ archiveId }, { signal });
  } catch (error) {
    await api.archives.close({ archiveId }).catch(() => undefined);
    throw error;
  }
}

async function openPicked(
  picked: PickedArchive,
  hasPaths: boolean,
  key: string,
  report: Report,
  signal: AbortSignal,
): Promise<Archive> {
  const path = hasPaths && picked.self !== undefined ? pathOfFile(picked.self) : undefined;
  if (path === undefined) return upload(picked, key, report, signal);
  report({ key, name: picked.name, state: 'reading' });
  return api.archives.openPath({ path }, { signal });
}

export type OpenArchives = {
  readonly list: readonly OpenArchive[];
  readonly add: (picked: readonly PickedArchive[]) => void;
  /** Asks with the system's own dialog, where there is one. */
  readonly choose: (what: 'file' | 'folder') => void;
  readonly remove: (key: string) => void;
};

/** Archives and folders that are being opened to be pushed. All are let go of when nobody looks any more. */
export function useOpenArchives(first: readonly PickedArchive[]): OpenArchives {
  const hasPaths = useHostInfo().data?.capabilities.localPaths === true;
  const [list, setList] = useState<readonly OpenArchive[]>([]);
  const controllers = useRef(new Map<string, AbortController>());
  const count = useRef(0);
  const report: Report = (change) => {
    // One that was removed meanwhile stays removed.
    setList((before) => before.map((each) => (each.key === change.key ? change : each)));
  };
  const run = (name: string, open: (key: string, signal: AbortSignal) => Promise<Archive | undefined>) => {
    const key = String((count.current += 1));
    const controller = new AbortController();
    controllers.current.set(key, controller);
    setList((before) => [...before, { key, name, state: 'reading' }]);
    const finish = async () => {
      try {
        const archive = await open(key, controller.signal);
        if (archive === undefined) setList((before) => before.filter((each) => each.key !== key));
        else if (controller.signal.aborted) await api.archives.close({ archiveId: archive.archiveId });
        else report({ key, name: archive.name, state: 'open', archive });
      } catch (error) {
        report({ key, name, state: 'failed', error: appErrorOf(error) });
      }
    };
    void finish();
  };
  const add = (picked: readonly PickedArchive[]) => {
    for (const each of picked) run(each.name, (key, signal) => openPicked(each, hasPaths, key, report, signal));
  };
  const remove = (key: string) => {
    controllers.current.get(key)?.abort();
    const gone = list.find((each) => each.key === key);
    if (gone?.state === 'open') void api.archives.close({ archiveId: gone.archive.archiveId }).catch(() => undefined);
    setList((before) => before.filter((each) => each.key !== key));
  };
  const addFirst = useEffectEvent(() => {
    add(first);
  });
  const closeAll = useEffectEvent(() => {
    for (const key of controllers.current.keys()) remove(key);
    controllers.current.clear();
    setList([]);
  });
  useEffect(() => {
    addFirst();
    return () => {
      closeAll();
    };
  }, []);
  return {
    list,
    add,
    remove,
    choose: (what) => {
      run('', async (_key, signal) => (await api.archives.choose({ what }, { signal })).archive);
    },
  };
}
