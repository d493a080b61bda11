/** Where the page comes from. A scheme of our own that no other program or page can open or link to. */
export const APP_SCHEME = 'app';
export const APP_HOST = 'gantry';
export const APP_URL = `${APP_SCHEME}://${APP_HOST}/`;

/** True for a page of ours. Compared by parts: `origin` is `null` for such a scheme, and a prefix proves nothing. */
export function isAppUrl(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && parsed.protocol === `${APP_SCHEME}:` && parsed.host === APP_HOST && parsed.username === '';
}
