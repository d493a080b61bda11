import { OciError } from './oci-error.ts';

// Every place this runs in (Node, the page) has TextDecoder as a global, but neither's types belong in src-shared.
declare const TextDecoder: new (
  label: 'utf-8',
  options: { readonly fatal: true; readonly ignoreBOM: true },
) => { decode(bytes: Uint8Array): string };

/**
 * Decodes strictly: neither a replacement character nor a swallowed byte order mark hides what was sent.
 * @throws {OciError} kind `not-json`
 */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new OciError('not-json', 'not valid UTF-8');
  }
}
