import type * as Electron from 'electron';
import type { Page } from 'playwright-core';

/** What a spec runs in the main process. It is sent as text, so it uses nothing but its two arguments. */
export type MainWork<A, R> = (electron: typeof Electron, argument: A) => R | Promise<R>;

/** The running desktop app, whichever Electron it runs on. */
export type DesktopApp = {
  readonly page: Page;
  /** Runs `work` in the main process. */
  inMain<R>(work: MainWork<undefined, R>): Promise<R>;
  inMain<A, R>(work: MainWork<A, R>, argument: A): Promise<R>;
  /** Quits and gives the exit code. */
  quit(): Promise<number | null>;
};

export type LaunchOptions = { readonly dataDir: string };

/** A way to run the built app. `missing` says why it cannot be used on this machine. */
export type Driver = {
  readonly name: string;
  readonly missing: string | undefined;
  launch(options: LaunchOptions): Promise<DesktopApp>;
};
