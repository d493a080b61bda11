const MAX_LENGTH = 100;
/** Names that Windows keeps for devices, with any ending. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * A name to suggest for a file of this path that is a plain name on every system: no separators, controls or other
 * characters that some system gives a meaning, no dots at its ends, none that Windows keeps (SECURITY-CASES T05).
 */
export function suggestFileName(path: string, fallback: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const plain = name
    .replaceAll(/[<>:"/\\|?*]|[\p{C}\p{Zl}\p{Zp}]/gu, '_')
    .replace(/^[. ]+/, '')
    .slice(0, MAX_LENGTH)
    .replace(/[. ]+$/, '');
  if (plain === '') return fallback;
  return RESERVED.test(plain) ? `_${plain}` : plain;
}
