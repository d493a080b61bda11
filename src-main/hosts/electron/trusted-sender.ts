import { BrowserWindow, type IpcMainEvent } from 'electron';
import { isAppUrl } from './app-url.ts';

/** True when a message comes from the main frame of one of our windows, while that shows our page. */
export function isTrustedSender({ sender, senderFrame }: Pick<IpcMainEvent, 'sender' | 'senderFrame'>): boolean {
  if (senderFrame === null || BrowserWindow.fromWebContents(sender) === null) return false;
  return senderFrame === sender.mainFrame && isAppUrl(senderFrame.url);
}
