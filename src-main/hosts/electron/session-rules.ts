import type { Session } from 'electron';
import { isAppUrl } from './app-url.ts';

/** Copying needs it: with it a page can put text on the clipboard after a click, and read nothing. */
const ALLOWED = 'clipboard-sanitized-write';

/** Without handlers Electron grants every permission. Here none is granted but to our own page to copy. */
export function restrictSession(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, callback, { requestingUrl }) => {
    callback(permission === ALLOWED && isAppUrl(requestingUrl) && isAppUrl(contents.getURL()));
  });
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin) => {
    return permission === ALLOWED && isAppUrl(requestingOrigin);
  });
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => {
    event.preventDefault();
  });
  // Its dictionaries would be fetched from a server that nobody chose.
  session.setSpellCheckerEnabled(false);
}
