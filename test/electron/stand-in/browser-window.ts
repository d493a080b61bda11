import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { chromium, type BrowserContext } from 'playwright-core';
import { WebContents } from './web-contents.ts';

type Options = {
  readonly width: number;
  readonly height: number;
  readonly x?: number;
  readonly y?: number;
  readonly webPreferences: { readonly preload: string } & Readonly<Record<string, unknown>>;
};

let context: Promise<BrowserContext> | undefined;

/** The browser that the spec has started and watches too. */
async function connect(): Promise<BrowserContext> {
  const browser = await chromium.connectOverCDP(process.env['STAND_IN_BROWSER'] ?? '');
  const [first] = browser.contexts();
  if (first === undefined) throw new Error('the browser has no context');
  return first;
}

/** A window: a page of its own in the browser of the spec. */
export class BrowserWindow extends EventEmitter {
  static readonly created = new EventEmitter();
  static readonly #all = new Set<BrowserWindow>();
  readonly webContents: WebContents;
  /** What happened to it, in order: `show`, `focus`, … */
  readonly calls: string[] = [];
  readonly options: Options;
  #closed = false;

  constructor(options: Options) {
    super();
    this.options = options;
    this.webContents = new WebContents(options.webPreferences);
    BrowserWindow.#all.add(this);
    BrowserWindow.created.emit('web-contents-created', this.webContents);
  }

  static getAllWindows(): BrowserWindow[] {
    return [...BrowserWindow.#all];
  }

  static getFocusedWindow(): BrowserWindow | null {
    return BrowserWindow.getAllWindows()[0] ?? null;
  }

  static fromWebContents(contents: unknown): BrowserWindow | null {
    return BrowserWindow.getAllWindows().find((window) => window.webContents === contents) ?? null;
  }

  async loadURL(url: string): Promise<void> {
    context ??= connect();
    const page = await (await context).newPage();
    const { width, height, webPreferences } = this.options;
    await page.setViewportSize({ width, height });
    await this.webContents.attach(page, readFileSync(webPreferences.preload, 'utf8'));
    this.once('closed', () => void page.close());
    await this.webContents.load(url);
    this.emit('ready-to-show');
  }

  show(): void {
    this.calls.push('show');
  }
  focus(): void {
    this.calls.push('focus');
  }
  restore(): void {
    this.calls.push('restore');
  }
  maximize(): void {
    this.calls.push('maximize');
  }
  isMaximized(): boolean {
    return this.calls.includes('maximize');
  }
  isMinimized(): boolean {
    return false;
  }
  isDestroyed(): boolean {
    return this.#closed;
  }
  getNormalBounds() {
    const { x = 100, y = 60, width, height } = this.options;
    return { x, y, width, height };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.emit('close', { preventDefault: () => undefined });
    BrowserWindow.#all.delete(this);
    this.emit('closed');
    if (BrowserWindow.#all.size === 0) BrowserWindow.created.emit('window-all-closed');
  }
}
