import { BrowserWindow, type WebContents } from 'electron';
import { isAppUrl } from './app-url.ts';
import type { ExternalLinks } from './external-links.ts';

/** Keeps a page where it is: no way to another site, no new window, no webview; a link out only after a question. */
export function restrictContents(contents: WebContents, links: ExternalLinks): void {
  contents.on('will-navigate', (event) => {
    if (!isAppUrl(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    if (!isAppUrl(event.url)) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    // We have no frames: a frame is never ours, wherever it wants to go.
    if (!event.isMainFrame || !isAppUrl(event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
  contents.setWindowOpenHandler(({ url }) => {
    void links.ask(url, BrowserWindow.fromWebContents(contents));
    return { action: 'deny' };
  });
}
