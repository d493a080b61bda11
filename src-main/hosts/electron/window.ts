import { BrowserWindow, dialog, nativeTheme, screen } from 'electron';
import { APP_URL } from './app-url.ts';
import { readWindowState, rememberWindow, visibleBounds } from './window-state.ts';

export type WindowOptions = { readonly preload: string; readonly dataDir: string };

/** The page's own background, so that nothing flashes before it is painted. */
const BACKGROUND = { dark: '#15181b', light: '#f1f3f4' } as const;

/** Opens the window. It is shown when there is something to see. */
export function openWindow({ preload, dataDir }: WindowOptions): BrowserWindow {
  const state = readWindowState(dataDir);
  const workAreas = screen.getAllDisplays().map((display) => display.workArea);
  const window = new BrowserWindow({
    ...visibleBounds(state, workAreas),
    minWidth: 640,
    minHeight: 400,
    show: false,
    title: 'Gantry',
    backgroundColor: BACKGROUND[nativeTheme.shouldUseDarkColors ? 'dark' : 'light'],
    // Defaults are said again: a changed default must not open a door.
    webPreferences: {
      preload,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      contextIsolation: true,
      sandbox: true,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  });
  if (state?.maximized === true) window.maximize();
  window.once('ready-to-show', () => window.show());
  rememberWindow(window, dataDir);
  offerReload(window);
  void window.loadURL(APP_URL);
  return window;
}

/** A page that has crashed is a blank window. Its jobs live in the main process, so a reload loses nothing. */
function offerReload(window: BrowserWindow): void {
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    void askToReload(window, reason);
  });
}

async function askToReload(window: BrowserWindow, reason: string): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: 'The window has stopped working.',
    detail: `The page ended (${reason}). Your registries and settings are safe.`,
    buttons: ['Reload', 'Close'],
    defaultId: 0,
    cancelId: 1,
  });
  if (window.isDestroyed()) return;
  if (response === 0) window.webContents.reload();
  else window.close();
}

/** Brings the app to the front: the window there is, or a new one. */
export function showWindow(options: WindowOptions): void {
  const [window] = BrowserWindow.getAllWindows();
  if (window === undefined) {
    openWindow(options);
    return;
  }
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
