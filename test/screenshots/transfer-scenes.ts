import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { skopeoCopy } from '../support/skopeo.ts';
import { transferPage } from '../support/transfer-page.ts';
import { NOW, type Set } from './scenes.ts';

const SAMPLE = 'samples/hello-multiarch';

async function go({ page }: Set, path: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, path);
}

async function openSample(set: Set): Promise<ReturnType<typeof transferPage>> {
  const at = transferPage(set.page);
  await go(set, '/settings');
  await at.openRepository('local', SAMPLE);
  await at.tagRow('latest').getByText('KiB').waitFor();
  return at;
}

/** A drag on its way, and the wizard with a conflict in its plan. */
export async function copying(set: Set): Promise<void> {
  const { app, camera, page, stage } = set;
  await app.add({ host: stage.mirror, label: 'Mirror', plainHttp: true });
  const at = await openSample(set);
  await at.drag(at.tagRow('1.2.0').getByText('KiB'), at.row('Mirror'));
  await at.badge.waitFor();
  await camera.shoot('drag-to-registry', { held: true });
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await at.main.getByRole('grid').focus();
  await page.keyboard.press('Control+a');
  await at.main.getByRole('button', { name: /^Copy 4 images/ }).click();
  await at.dialog.getByLabel('Registry').selectOption({ label: 'Mirror' });
  await at.dialog.getByRole('button', { name: 'linux/amd64' }).waitFor();
  await camera.shoot('copy-choose', { small: 'both' });
  await at.makePlan();
  await at.dialog.getByText('2 conflicts need a decision').waitFor();
  await at.planRows.getByRole('combobox').first().selectOption('rename');
  await at.planRows.getByText('Copy', { exact: true }).first().click();
  await camera.shoot('copy-plan', { small: 'both' });
  await page.keyboard.press('Escape');
  await at.main.getByRole('button', { name: /^Save 4 images/ }).click();
  await at.dialog.getByLabel('File name').waitFor();
  await camera.shoot('save-choose', { small: true });
  await page.keyboard.press('Escape');
}

/** An archive dropped on a registry. */
export async function pushing(set: Set): Promise<void> {
  const { camera, page } = set;
  const at = await openSample(set);
  const folder = await mkdtemp(join(tmpdir(), 'gantry-archive-'));
  const host = (await page.getByText(/^Local registry at /).innerText()).replace('Local registry at ', '');
  const path = join(folder, 'web-api.tar');
  await skopeoCopy(`docker://${host}/${SAMPLE}:1.0`, `docker-archive:${path}:example.com/shop/web-api:1.0`);
  await at.dropFiles(at.row('Mirror'), [
    { name: 'web-api.tar', bytes: await readFile(path) },
    { name: 'notes.tar', bytes: Buffer.from('not an archive') },
  ]);
  await at.dialog.getByText(/^Docker archive, 1 image/).waitFor();
  await at.dialog.getByRole('alert').waitFor();
  await camera.shoot('push-choose', { small: 'both' });
  await page.keyboard.press('Escape');
  await rm(folder, { recursive: true });
}

/** A transfer on its way, in the dock and on its page. */
export async function moving(set: Set): Promise<void> {
  const { app, camera, page, stage } = set;
  const at = transferPage(page);
  // The engine's clock is not the page's: what ended a moment ago must not lie in the future.
  await page.clock.setFixedTime(new Date());
  await page.reload();
  await at.tree.waitFor();
  await go(set, '/transfers');
  await app.main.getByText('Nothing has been moved yet').waitFor();
  await camera.shoot('transfers-empty');
  await openSample(set);
  await at.tagRow('latest').getByText('KiB').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Copy to…' }).click();
  await at.dialog.getByLabel('Registry').selectOption({ label: 'Mirror' });
  await at.makePlan();
  await at.start('Start copy');
  await at.line(SAMPLE).filter({ hasText: 'Done' }).waitFor();
  await go(set, '/settings');
  await page.getByLabel('All together at most').selectOption('512');
  await page.getByRole('heading', { name: 'Transfers' }).scrollIntoViewIfNeeded();
  await app.goTo(`${stage.mirror}/shop/models:2026.11`);
  await app.main.getByRole('button', { name: 'Copy to…' }).click();
  await at.dialog.getByLabel('Registry').selectOption({ label: 'Local' });
  await at.makePlan();
  await at.start('Start copy');
  await at
    .line('shop/models')
    .getByText(/MiB of 24/)
    .waitFor();
  await page.waitForTimeout(3000);
  await camera.shoot('transfers-dock', { small: 'both' });
  await go(set, '/transfers');
  await app.main.getByRole('link', { name: /shop\/models/ }).click();
  await at.tab(/^Blobs/).click();
  await app.main.getByText(/^Sending/).waitFor();
  await camera.shoot('transfers-blobs', { small: 'both' });
  await app.main
    .getByRole('button', { name: /^Cancel: / })
    .last()
    .click();
  await app.main.getByText('Cancelled').first().waitFor();
  await page.clock.setFixedTime(NOW);
}
