/** What `encodeURIComponent` leaves and RFC 8187 does not allow. */
const escapeMore = (text: string): string =>
  text.replaceAll(/['()*!]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * The header that has a browser save a file under this name. Folders, control characters and halves of surrogate pairs
 * are taken out; readers without RFC 8187 get the name in ASCII. Spec: RFC 6266, RFC 8187.
 */
export function contentDisposition(fileName: string): string {
  const name = fileName.toWellFormed().replaceAll(/[\p{Cc}/\\]/gu, '_');
  const ascii = name.replaceAll(/[^\x20-\x7e]|["%]/g, '_');
  return `attachment; filename="${ascii}"; filename*=UTF-8''${escapeMore(encodeURIComponent(name))}`;
}
