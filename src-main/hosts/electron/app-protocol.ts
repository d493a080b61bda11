import { protocol } from 'electron';
import { SECURITY_HEADERS } from '../security-headers.ts';
import type { UiFiles } from '../ui-files.ts';
import { APP_SCHEME, isAppUrl } from './app-url.ts';

/** Makes `app:` behave like https: an origin of its own, a secure context, fetch. Before the app is ready. */
export function registerAppScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true };
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges }]);
}

/** Serves the built page under `app://gantry/`: GET only, one host, and only files that were there at the start. */
export function serveApp(uiFiles: UiFiles): void {
  protocol.handle(APP_SCHEME, ({ method, url }) => {
    if (method !== 'GET') return refuse(405);
    const file = isAppUrl(url) ? uiFiles.find(new URL(url).pathname) : undefined;
    if (file === undefined) return refuse(404);
    return new Response(file.body, { headers: { ...SECURITY_HEADERS, ...file.headers } });
  });
}

function refuse(status: number): Response {
  return new Response('', { status, headers: { ...SECURITY_HEADERS, 'content-type': 'text/plain' } });
}
