import { EventEmitter } from 'node:events';
import type { Frame, Page, Route } from 'playwright-core';
import { MessagePortMain } from './message-port-main.ts';
import { ipcMain, protocol, session } from './modules.ts';
import { pageScript, type FromPage } from './page-script.ts';

/** Electron's names and Chromium's. */
const PERMISSIONS = [
  ['clipboard-sanitized-write', 'clipboard-write'],
  ['clipboard-read', 'clipboard-read'],
  ['geolocation', 'geolocation'],
  ['notifications', 'notifications'],
  ['media', 'camera'],
  ['midi', 'midi'],
] as const;

type OpenHandler = (details: { readonly url: string }) => { readonly action: string };

/** `app://gantry` is no scheme a plain browser knows: the page lives under this name, and nobody else sees it. */
export const toBrowser = (url: string): string => url.replace(/^app:\/\/([^/]+)/, 'https://$1.app.localhost');
export const toApp = (url: string): string => url.replace(/^https:\/\/([^/]+)\.app\.localhost(?=\/|$)/, 'app://$1');

/** A page in Chromium that behaves to the main process like Electron's WebContents. */
export class WebContents extends EventEmitter {
  readonly navigationHistory = {
    goBack: () => void this.#page?.goBack(),
    goForward: () => void this.#page?.goForward(),
  };
  readonly mainFrame: { readonly url: string };
  /** Addresses that were asked for and neither allowed nor ours. */
  readonly refused: string[] = [];
  readonly #preferences: object;
  #page: Page | undefined;
  #open: OpenHandler = () => ({ action: 'allow' });
  #own = false;
  readonly #ports = new Map<string, MessagePortMain>();

  constructor(preferences: object) {
    super();
    this.#preferences = preferences;
    const url = () => this.getURL();
    this.mainFrame = {
      get url() {
        return url();
      },
    };
  }

  getURL(): string {
    return toApp(this.#page?.url() ?? '');
  }

  getLastWebPreferences(): object {
    return this.#preferences;
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#open = handler;
  }

  reload(): void {
    this.#own = true;
    void this.#page?.reload();
  }

  /** Joins this to a page: from here on its requests are answered by the app's own protocol handler. */
  async attach(page: Page, preload: string): Promise<void> {
    this.#page = page;
    await page.exposeBinding('standInToMain', ({ frame }, message: FromPage) => this.#receive(frame, message));
    await page.addInitScript({ content: pageScript(preload) });
    await page.route('**/*', (route) => this.#answer(route));
    page.on('crash', () => this.emit('render-process-gone', {}, { reason: 'crashed' }));
    page.on('close', () => this.emit('destroyed'));
  }

  async load(url: string): Promise<void> {
    await this.#grant(url);
    this.#own = true;
    await this.#page?.goto(toBrowser(url));
  }

  /** Chromium is told what the app's own handler allows. Without a handler Electron allows everything. */
  async #grant(url: string): Promise<void> {
    const check = session.defaultSession.handlers['check'] ?? (() => true);
    const granted = PERMISSIONS.filter(([electron]) => check(this, electron, url, {})).map(([, chromium]) => chromium);
    await this.#page?.context().grantPermissions(granted, { origin: new URL(toBrowser(url)).origin });
  }

  #receive(frame: Frame, message: FromPage): void {
    if (message.kind === 'open') this.#open({ url: toApp(message.url) });
    if (message.kind === 'data') this.#ports.get(message.port)?.receive(message.data);
    if (message.kind !== 'message') return;
    const ports = message.ports.map((id) => {
      const send = (data: unknown) => void this.#page?.evaluate(deliver, { id, data }).catch(() => undefined);
      const port = new MessagePortMain(send);
      this.#ports.set(id, port);
      return port;
    });
    const isMain = frame === this.#page?.mainFrame();
    const senderFrame = isMain ? this.mainFrame : { url: toApp(frame.url()) };
    ipcMain.emit(message.channel, { sender: this, senderFrame, ports }, message.message);
  }

  async #answer(route: Route): Promise<void> {
    const request = route.request();
    const url = toApp(request.url());
    // `aborted` leaves the page as it is; any other reason would show an error page in its place.
    if (request.isNavigationRequest() && !this.#mayNavigate(url, request.frame())) return route.abort('aborted');
    const handler = protocol.handlers.get(new URL(url).protocol.slice(0, -1));
    if (handler === undefined) {
      this.refused.push(url);
      return route.abort();
    }
    const response = await handler(new Request(url, { method: request.method() }));
    const body = Buffer.from(await response.arrayBuffer());
    await route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body });
  }

  /** What the app loads itself is not asked about; what the page wants is. */
  #mayNavigate(url: string, frame: Frame): boolean {
    const isMainFrame = frame === this.#page?.mainFrame();
    let prevented = false;
    const event = { url, isMainFrame, isSameDocument: false, preventDefault: () => (prevented = true) };
    if (!this.#own || !isMainFrame) this.emit('will-frame-navigate', event);
    if (!this.#own && isMainFrame) this.emit('will-navigate', event);
    this.#own = false;
    if (prevented) this.refused.push(url);
    else this.emit('did-start-navigation', event);
    return !prevented;
  }
}

function deliver({ id, data }: { readonly id: string; readonly data: unknown }): void {
  window.standInFromMain(id, data);
}
