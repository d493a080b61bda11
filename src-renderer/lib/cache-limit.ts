const GIB = 1024;

/** The limits offered, in MiB. */
const OFFERED: readonly number[] = [0, 256, GIB, 4 * GIB, 16 * GIB];

/** `256 MiB`, `4 GiB`, `Nothing`. */
export function limitText(mib: number): string {
  if (mib === 0) return 'Nothing';
  return mib % GIB === 0 ? `${mib / GIB} GiB` : `${mib} MiB`;
}

/** The choices, with the one that is set among them. */
export function limitChoices(current: number): readonly number[] {
  return [...new Set([...OFFERED, current])].toSorted((a, b) => a - b);
}
