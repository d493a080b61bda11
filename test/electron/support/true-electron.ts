import { once } from 'node:events';
import { _electron } from 'playwright-core';
import { findElectron } from '../../../build/setup/electron-binary.mjs';
import { PATIENCE_MS } from '#test/support/patience.ts';
import { root } from './paths.ts';
import type { DesktopApp, Driver } from './desktop-app.ts';

/** Electron itself, where its binary is on the machine. */
export const trueElectron: Driver = {
  name: 'Electron',
  missing: findElectron() === undefined ? 'no Electron binary' : undefined,
  launch: async ({ dataDir }) => {
    const executablePath = findElectron();
    const app = await _electron.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      cwd: root,
      args: [root, '--data-dir', dataDir],
      timeout: PATIENCE_MS,
    });
    app.context().setDefaultTimeout(PATIENCE_MS);
    const page = await app.firstWindow({ timeout: PATIENCE_MS });
    const inMain = ((work: never, argument: never) => app.evaluate(work, argument)) as DesktopApp['inMain'];
    return {
      page,
      inMain,
      quit: async () => {
        const child = app.process();
        const closed = once(child, 'exit');
        await app.close();
        await closed;
        return child.exitCode;
      },
    };
  },
};
