import { type BrowserWindow, dialog, shell } from 'electron';

/** Opens a link of the page in the person's browser, after they have seen where it leads and said yes. */
export type ExternalLinks = { ask(url: string, window: BrowserWindow | null): Promise<void> };

const CANCEL = 0;
const OPEN = 1;

/**
 * Only http and https: anything else can start a program with arguments of the link's author. One question at a time,
 * so that a page cannot flood the screen; links that come meanwhile are dropped.
 */
export function createExternalLinks(): ExternalLinks {
  let asking = false;
  return {
    ask: async (text, window) => {
      const url = URL.parse(text);
      if (asking || url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return;
      asking = true;
      try {
        if (await isWanted(url, window)) await shell.openExternal(url.href);
      } finally {
        asking = false;
      }
    },
  };
}

async function isWanted(url: URL, window: BrowserWindow | null): Promise<boolean> {
  const question = {
    type: 'question' as const,
    // The host as the browser will ask for it: look-alike letters show as xn--.
    message: `Open ${url.host} in your browser?`,
    detail: `This address comes from a registry, not from Gantry:\n${url.href}`,
    buttons: ['Cancel', 'Open link'],
    defaultId: CANCEL,
    cancelId: CANCEL,
    noLink: true,
  };
  const asked = window === null ? dialog.showMessageBox(question) : dialog.showMessageBox(window, question);
  return (await asked).response === OPEN;
}
