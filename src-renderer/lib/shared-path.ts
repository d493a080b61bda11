/** What all references begin with, up to a slash and with it: the part that need be said only once. Empty for none. */
export function sharedPath(references: readonly string[]): string {
  const [first = '', ...rest] = references;
  let length = first.lastIndexOf('/') + 1;
  for (const each of rest) {
    while (length > 0 && !each.startsWith(first.slice(0, length))) length = first.lastIndexOf('/', length - 2) + 1;
    if (length === 0) return '';
  }
  return first.slice(0, length);
}
