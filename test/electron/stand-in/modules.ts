import { EventEmitter } from 'node:events';

type Handler = (request: Request) => Response | Promise<Response>;
type Privileges = { readonly scheme: string; readonly privileges: Readonly<Record<string, boolean>> };

/** Schemes and who answers them. */
export const protocol = {
  schemes: [] as Privileges[],
  handlers: new Map<string, Handler>(),
  registerSchemesAsPrivileged: (schemes: Privileges[]) => protocol.schemes.push(...schemes),
  handle: (scheme: string, handler: Handler) => protocol.handlers.set(scheme, handler),
};

/** Requests of the main process, and of the specs in it. */
export const net = {
  fetch: async (url: string, init?: RequestInit) => {
    const handler = protocol.handlers.get(new URL(url).protocol.slice(0, -1));
    if (handler === undefined) throw new Error(`net::ERR_UNKNOWN_URL_SCHEME ${url}`);
    return handler(new Request(url, init));
  },
};

/** Channels from the pages. */
export const ipcMain = new EventEmitter();

/** Keeps the handlers, so that a spec can ask them what they allow. */
class Session extends EventEmitter {
  readonly handlers: Record<string, (...args: readonly unknown[]) => unknown> = {};
  spellChecker = true;
  setPermissionRequestHandler(handler: () => void): void {
    this.handlers['request'] = handler;
  }
  setPermissionCheckHandler(handler: () => boolean): void {
    this.handlers['check'] = handler;
  }
  setDevicePermissionHandler(handler: () => boolean): void {
    this.handlers['device'] = handler;
  }
  setSpellCheckerEnabled(enabled: boolean): void {
    this.spellChecker = enabled;
  }
}
export const session = { defaultSession: new Session() };

type MessageBox = { readonly message: string; readonly detail?: string; readonly cancelId?: number };

/** Everybody says no, and what was asked is kept. */
export const dialog = {
  asked: [] as MessageBox[],
  showMessageBox: async (...args: readonly unknown[]) => {
    const box = args.at(-1) as MessageBox;
    dialog.asked.push(box);
    return { response: box.cancelId ?? 0, checkboxChecked: false };
  },
  showOpenDialog: async () => ({ canceled: true, filePaths: [] as string[] }),
  showSaveDialog: async () => ({ canceled: true, filePath: '' }),
  showErrorBox: (title: string, content: string) => void process.stderr.write(`${title}: ${content}\n`),
};

export const shell = {
  opened: [] as string[],
  openExternal: async (url: string) => void shell.opened.push(url),
  showItemInFolder: (path: string) => void shell.opened.push(path),
  openPath: async (path: string) => {
    shell.opened.push(path);
    return '';
  },
};

type Template = {
  readonly role?: string;
  readonly label?: string;
  readonly accelerator?: string;
  readonly click?: () => void;
  readonly submenu?: readonly Template[];
};
export type MenuItem = Omit<Template, 'submenu'> & { readonly submenu?: { readonly items: readonly MenuItem[] } };

const toItem = ({ submenu, ...item }: Template): MenuItem =>
  submenu === undefined ? item : { ...item, submenu: { items: submenu.map((child) => toItem(child)) } };

let applicationMenu: { readonly items: readonly MenuItem[] } | null = null;
export const Menu = {
  buildFromTemplate: (template: readonly Template[]) => ({ items: template.map((item) => toItem(item)) }),
  setApplicationMenu: (menu: typeof applicationMenu) => (applicationMenu = menu),
  getApplicationMenu: () => applicationMenu,
};

const workArea = { x: 0, y: 0, width: 1920, height: 1040 };
export const screen = { getAllDisplays: () => [{ workArea }] };
export const nativeTheme = { shouldUseDarkColors: false };
