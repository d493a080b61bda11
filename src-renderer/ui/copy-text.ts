import { displayText } from '#shared/oci/display-text.ts';
import { announce } from './announcer.tsx';

export type CopyOptions = {
  /** The text has been made safe by its owner, and is copied as it stands. */
  readonly isSafe?: boolean;
};

/**
 * Copies with control and bidi characters escaped, so that a paste cannot surprise (SECURITY-CASES N02), and says so.
 * `what` is plain text. True when it is on the clipboard.
 */
export async function copyText(text: string, what: string, { isSafe = false }: CopyOptions = {}): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(isSafe ? text : displayText(text));
    announce(`Copied ${what}`);
    return true;
  } catch {
    announce(`Could not copy ${what}: the clipboard is not available`);
    return false;
  }
}
