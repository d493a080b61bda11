import type { Dialogs } from '#main/core/ports.ts';

/** Dialogs in which a person chooses the same every time; nothing where no path is given. */
export function standInDialogs(chosen: { readonly archive?: string; readonly destination?: string }): Dialogs & {
  readonly revealed: readonly string[];
} {
  const revealed: string[] = [];
  return {
    chooseArchive: () => Promise.resolve(chosen.archive),
    chooseDestination: () => Promise.resolve(chosen.destination),
    reveal: (path) => {
      revealed.push(path);
      return Promise.resolve(true);
    },
    revealed,
  };
}
