import { app } from './app.ts';
import { BrowserWindow } from './browser-window.ts';
import { listenForControl } from './control.ts';
import { MessagePortMain } from './message-port-main.ts';
import { dialog, ipcMain, Menu, nativeTheme, net, protocol, screen, session, shell } from './modules.ts';

// The named exports that the main process imports. An import of anything else fails at the start, visibly.
export { app, BrowserWindow, dialog, ipcMain, Menu, nativeTheme, net, protocol, screen, session, shell };

/** How many ports the main process holds open. */
const openPorts = () => MessagePortMain.open.size;

listenForControl({
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  net,
  protocol,
  screen,
  session,
  shell,
  openPorts,
});
