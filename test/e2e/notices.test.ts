import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../build/setup/built.mjs';
import { hasChromium, isGone, isShown } from '#test/support/app.ts';
import { launchChromium, openPage } from '#test/support/chromium.ts';
import { startWebProcess } from '#test/support/web-process.ts';

describe.skipIf(!hasChromium())('what went wrong at the start', () => {
  it('is said with the old file named, until it is dismissed', async () => {
    await ensureBuilt(process.execPath);
    const folder = mkdtempSync(join(tmpdir(), 'gantry-notices-'));
    mkdirSync(join(folder, 'data'), { mode: 0o700 });
    writeFileSync(join(folder, 'data', 'gantry.db'), 'this is no database at all, '.repeat(200));
    const web = startWebProcess(folder, '--port', '0');
    const browser = await launchChromium();
    try {
      const page = await openPage(browser);
      await page.goto(await web.address);
      const notices = page.getByRole('region', { name: 'Notices' });
      expect(await isShown(notices.getByText(/began anew\. The old file is kept/))).toBe(true);
      expect(await notices.textContent()).toContain(join(folder, 'data'));
      await notices.getByRole('button', { name: 'Dismiss' }).click();
      expect(await isGone(notices)).toBe(true);
    } finally {
      await browser.close();
      await web.end();
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  });
});
