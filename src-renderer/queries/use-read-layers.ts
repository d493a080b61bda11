import type { FilesTarget } from '#shared/api/file-rows.ts';
import type { OpenedFiles } from '#shared/api/files.ts';
import { useState } from 'react';
import type { Reading } from '../lib/layer-reading.ts';
import { appErrorOf } from './app-error.ts';
import { useOpenFiles } from './files.ts';

export type ReadLayers = Reading & { readonly opened: OpenedFiles | undefined };

/** Images up to this size are read as soon as someone looks; larger ones when asked to. */
const READ_AT_ONCE_BYTES = 64 * 1024 * 1024;

/**
 * The layers of an image, read when someone wants what is in them. `bytes` is their size in the registry; `enabled`
 * false waits for something else first.
 */
export function useReadLayers(target: FilesTarget, bytes: number, enabled = true): ReadLayers {
  const [wanted, setWanted] = useState(bytes <= READ_AT_ONCE_BYTES);
  const files = useOpenFiles(target, wanted && enabled);
  const common = {
    bytes,
    opened: files.opened,
    read: () => {
      setWanted(true);
      if (files.error !== null) files.retry();
    },
    cancel: () => {
      setWanted(false);
      files.cancel();
    },
  };
  if (files.opened !== undefined) return { ...common, state: 'ready' };
  if (files.isOpening || (wanted && !enabled)) return { ...common, state: 'reading', progress: files.progress };
  if (wanted && files.error !== null) return { ...common, state: 'failed', error: appErrorOf(files.error) };
  return { ...common, state: 'asked' };
}
