import { EventEmitter } from 'node:events';
import { BrowserWindow } from './browser-window.ts';

class App extends EventEmitter {
  readonly sandboxed: boolean[] = [];
  readonly paths: Record<string, string> = { downloads: '/home/somebody/Downloads' };
  /** Switches of its command line that it was told to forget. */
  readonly forgotten: string[] = [];
  readonly commandLine = { removeSwitch: (name: string): void => void this.forgotten.push(name) };
  focused = 0;
  #ready = false;

  async whenReady(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#ready = true;
    this.emit('ready');
  }

  enableSandbox(): void {
    if (this.#ready) throw new Error('app.enableSandbox() can only be called before app is ready');
    this.sandboxed.push(true);
  }

  setPath(name: string, path: string): void {
    this.paths[name] = path;
  }

  getPath(name: string): string | undefined {
    return this.paths[name];
  }

  /** True Electron asks the profile folder; a spec says whether this is the first instance. */
  requestSingleInstanceLock(): boolean {
    return process.env['STAND_IN_SECOND_INSTANCE'] !== 'true';
  }

  quit(): void {
    this.emit('before-quit', { preventDefault: () => undefined });
    for (const window of BrowserWindow.getAllWindows()) window.close();
    let prevented = false;
    this.emit('will-quit', { preventDefault: () => (prevented = true) });
    if (!prevented) this.exit(0);
  }

  exit(code = 0): void {
    process.exit(code);
  }
}

export const app = new App();

BrowserWindow.created.on('web-contents-created', (contents) => app.emit('web-contents-created', {}, contents));
BrowserWindow.created.on('window-all-closed', () => app.emit('window-all-closed'));
