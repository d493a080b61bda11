import { displayText } from '#shared/oci/display-text.ts';
import { copyText } from './copy-text.ts';

/** Puts references on the clipboard, a line each, and says how what was marked gets to where it should be. */
export function copyReferences(lines: string, what: string): void {
  const safe = lines.split('\n').map((line) => displayText(line));
  const how = `${displayText(what)}. Paste on a registry, path or repository of the tree with Ctrl V`;
  void copyText(safe.join('\n'), how, { isSafe: true });
}
