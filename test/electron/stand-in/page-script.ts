/** What the page's side sends to the main process. */
export type FromPage =
  | { readonly kind: 'message'; readonly channel: string; readonly message: unknown; readonly ports: readonly string[] }
  | { readonly kind: 'data'; readonly port: string; readonly data: unknown }
  | { readonly kind: 'open'; readonly url: string };

declare global {
  interface Window {
    standInToMain(message: FromPage): Promise<void>;
    standInFromMain(port: string, data: unknown): void;
  }
}

type Require = (name: string) => unknown;

/** Runs in the page before anything else: the part of Electron that a sandboxed preload and a page can see. */
function prepare(runPreload: (require: Require) => void): void {
  // Without nodeIntegrationInSubFrames a preload does not run in frames.
  if (window !== window.top) return;
  const ports = new Map<string, MessagePort>();
  const toMain = (message: FromPage) => window.standInToMain(message);
  window.standInFromMain = (port, data) => ports.get(port)?.postMessage(data);
  window.open = (url) => {
    void toMain({ kind: 'open', url: new URL(String(url), location.href).href });
    return null;
  };

  const carry = (port: MessagePort): string => {
    const id = crypto.randomUUID();
    ports.set(id, port);
    port.addEventListener('message', ({ data }) => void toMain({ kind: 'data', port: id, data }));
    port.start();
    return id;
  };
  const ipcRenderer = {
    postMessage: (channel: string, message: unknown, transfer: readonly MessagePort[] = []) =>
      void toMain({ kind: 'message', channel, message, ports: transfer.map((port) => carry(port)) }),
  };
  const contextBridge = {
    // Functions are handed over as functions that copy what they are given and what they give; all else is copied.
    exposeInMainWorld: (name: string, api: Readonly<Record<string, unknown>>) => {
      const copied = Object.entries(api).map(([key, value]) => [
        key,
        typeof value === 'function'
          ? (...args: readonly unknown[]): unknown => structuredClone(value(...args))
          : structuredClone(value),
      ]);
      Object.defineProperty(window, name, { value: Object.freeze(Object.fromEntries(copied)) });
    },
  };
  // Only a file that came from the disk has a path; a spec says which.
  const webUtils = { getPathForFile: (file: File): string => String(Reflect.get(file, 'standInPath') ?? '') };
  runPreload((name) => {
    if (name === 'electron') return { ipcRenderer, contextBridge, webUtils };
    throw new Error(`a sandboxed preload cannot load ${name}`);
  });
}

/** The script for a preload's text, in the form in which Electron runs it: CommonJS, nothing but `electron`. */
export function pageScript(preload: string): string {
  return `(${prepare.toString()})((require) => { const module = { exports: {} };
(function (require, module, exports) {${preload}
})(require, module, module.exports); })`;
}
