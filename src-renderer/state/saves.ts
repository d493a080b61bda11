import type { AppError } from '#shared/api/app-error.ts';
import type { FilesTarget } from '#shared/api/file-rows.ts';
import type { SaveWhat } from '#shared/api/file-save.ts';
import { create } from 'zustand';
import type { SaveDone, SaveProgress } from '../lib/save-text.ts';

/** What is to be saved of which image. */
export type SaveRequest = { readonly target: FilesTarget; readonly what: SaveWhat; readonly leaveOutUnsafe?: boolean };

/** Files of an image on their way out of it. It goes on wherever one is in the window. */
export type FileSave = {
  readonly id: number;
  readonly request: SaveRequest;
  /** A path of the image, or a repository: registry text. */
  readonly name: string;
  /** Where the system's dialog put it; absent where the browser does. */
  readonly pathId?: string | undefined;
  readonly cancel: () => void;
} & (
  | { readonly state: 'saving'; readonly progress?: SaveProgress; readonly elapsedMs: number }
  | { readonly state: 'done'; readonly done: SaveDone }
  | { readonly state: 'failed'; readonly error: AppError }
);

type SavesState = {
  readonly saves: readonly FileSave[];
  /** Puts one in the place of that with its id, or last. What has ended makes room for what begins. */
  readonly put: (save: FileSave) => void;
  readonly remove: (id: number) => void;
};

export const useSaves = create<SavesState>()((set) => ({
  saves: [],
  put: (save) => {
    set(({ saves }) => {
      if (saves.some(({ id }) => id === save.id))
        return { saves: saves.map((each) => (each.id === save.id ? save : each)) };
      return { saves: [...saves.filter(({ state }) => state === 'saving'), save] };
    });
  },
  remove: (id) => {
    set(({ saves }) => ({ saves: saves.filter((each) => each.id !== id) }));
  },
}));
