import { BrowserWindow, type KeyboardInputEvent, Menu, type MenuItemConstructorOptions, shell } from 'electron';

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

/** The page's own key for its list of shortcuts (`shortcuts` in src-renderer/lib/shortcuts.ts): no other way in is needed. */
const SHORTCUTS_KEY = { keyCode: '/', modifiers: ['control'] } satisfies Partial<KeyboardInputEvent>;

function showShortcuts(): void {
  const contents = BrowserWindow.getFocusedWindow()?.webContents;
  contents?.sendInputEvent({ type: 'keyDown', ...SHORTCUTS_KEY });
  contents?.sendInputEvent({ type: 'keyUp', ...SHORTCUTS_KEY });
}

/** Nothing in this menu leads out of the machine. */
const help = (dataDir: string): Item => ({
  role: 'help',
  submenu: [
    // The page hears the key itself; the menu only shows it.
    { label: 'Keyboard shortcuts', accelerator: 'CmdOrCtrl+/', registerAccelerator: false, click: showShortcuts },
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
