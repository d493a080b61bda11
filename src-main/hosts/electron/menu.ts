import { BrowserWindow, Menu, type MenuItemConstructorOptions, shell } from 'electron';

type Item = MenuItemConstructorOptions;

const history = () => BrowserWindow.getFocusedWindow()?.webContents.navigationHistory;

const go = (isMac: boolean): Item => ({
  label: '&Go',
  submenu: [
    { label: 'Back', accelerator: isMac ? 'Cmd+[' : 'Alt+Left', click: () => history()?.goBack() },
    { label: 'Forward', accelerator: isMac ? 'Cmd+]' : 'Alt+Right', click: () => history()?.goForward() },
  ],
});

const view: Item = {
  label: '&View',
  submenu: [
    { role: 'reload' },
    { role: 'toggleDevTools' },
    { type: 'separator' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ],
};

/** Nothing in this menu leads out of the machine. */
const help = (dataDir: string): Item => ({
  role: 'help',
  submenu: [
    { label: 'Show the data folder', click: () => void shell.openPath(dataDir) },
    { type: 'separator' },
    { role: 'about' },
  ],
});

/** The menu bar: the roles that each system expects, with their own accelerators, and back and forward. */
export function setApplicationMenu(dataDir: string, platform = process.platform): void {
  const isMac = platform === 'darwin';
  const template: Item[] = [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    { role: 'fileMenu' },
    { role: 'editMenu' },
    view,
    go(isMac),
    { role: 'windowMenu' },
    help(dataDir),
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
