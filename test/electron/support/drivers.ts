import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { ensureBuilt } from '../../../build/setup/built.mjs';
import type { DesktopApp, Driver } from './desktop-app.ts';
import { standIn } from './stand-in.ts';
import { trueElectron } from './true-electron.ts';

const drivers: readonly Driver[] = [standIn, trueElectron];

/** The same specs on each driver. One that is not on this machine shows as skipped, with the reason in its name. */
export function describeDesktop(title: string, specs: (app: () => DesktopApp, dataDir: () => string) => void): void {
  for (const driver of drivers) {
    const reason = driver.missing === undefined ? '' : ` (skipped: ${driver.missing})`;
    describe.skipIf(driver.missing !== undefined)(`${title} on ${driver.name}${reason}`, () => {
      let app: DesktopApp | undefined;
      let dataDir = '';
      beforeAll(async () => {
        await ensureBuilt(process.execPath);
        dataDir = mkdtempSync(join(tmpdir(), 'gantry-desktop-'));
        app = await driver.launch({ dataDir });
        await app.page.getByRole('tree').waitFor();
      });
      afterAll(async () => {
        await app?.quit();
        rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 });
      });
      const running = () => {
        if (app === undefined) throw new Error('the app has not started');
        return app;
      };
      specs(running, () => dataDir);
    });
  }
}
