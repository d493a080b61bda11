import { transferPage } from '../support/transfer-page.ts';
import type { Set } from './scenes.ts';

const image = (repository: string, tab: string, query = '') =>
  `/registry/local/image/${encodeURIComponent(repository)}/latest/${tab}${query}`;

async function go({ page }: Set, path: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, path);
}

/** Files of an image in every form, what its layers change, its packages, a comparison, a document. */
export async function inside(set: Set): Promise<void> {
  const { app, camera } = set;
  const { main } = app;
  await go(set, image('samples/whiteouts', 'files', '?deleted=yes&path=opt%2Fsettings.d%2F10-default.conf'));
  await main.getByRole('textbox', { name: /Content of/ }).waitFor();
  await camera.shoot('files-tree', { small: true });
  await saving(set);
  await main.getByText('Map', { exact: true }).click();
  await main.getByRole('listbox', { name: 'Files by size' }).waitFor();
  await camera.shoot('files-map');
  await go(set, image('samples/whiteouts', 'files', '?show=changes&layer=4'));
  await main.getByText('Tree', { exact: true }).click();
  await main.getByRole('row', { name: /^opt/ }).dblclick();
  await main.getByRole('row', { name: /^settings\.d/ }).waitFor();
  await camera.shoot('files-changes');
  await go(set, image('samples/whiteouts', 'layers'));
  await main.getByRole('button', { name: 'Show files' }).click();
  await main.getByRole('region', { name: 'Hidden files' }).waitFor();
  await camera.shoot('layers-waste', { small: true });
  await go(set, image('samples/whiteouts', 'packages'));
  await main.getByRole('grid', { name: 'Packages' }).waitFor();
  await camera.shoot('packages');
  await compare(set);
  await go(set, image('samples/attested', 'overview'));
  await main.getByRole('link', { name: 'Attestation' }).first().click();
  await app.tab(/^Documents/).click();
  await main.getByRole('grid', { name: 'Packages of the SBOM' }).waitFor();
  await camera.shoot('document-sbom');
  await go(set, image('samples/attested', 'referrers'));
  await main.getByText('Graph', { exact: true }).click();
  await main.getByRole('link', { name: 'Attestation' }).first().waitFor();
  await camera.shoot('referrers-graph', { small: true });
  await dragging(set);
}

/** A folder on its way out, from the menu to the line at the foot of the window. */
async function saving({ app, camera, page }: Set): Promise<void> {
  await app.main.getByRole('button', { name: 'Save…' }).click();
  await page.getByRole('menu').waitFor();
  await camera.shoot('files-save');
  const saved = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Save the whole file system as tar…' }).click();
  await saved;
  const strip = page.getByRole('region', { name: 'Files being saved' });
  await strip.getByRole('button', { name: 'Dismiss' }).waitFor();
  await camera.shoot('files-saved', { small: true });
  await strip.getByRole('button', { name: 'Dismiss' }).click();
}

/** One platform held over another: beside the pointer stands that they would be compared. */
async function dragging(set: Set): Promise<void> {
  const { app, camera, page } = set;
  await go(set, image('samples/hello-multiarch', 'overview'));
  const chip = (name: string) => app.main.getByRole('button', { name, exact: true });
  await chip('linux/amd64').waitFor();
  await transferPage(page).drag(chip('linux/arm/v7'), chip('linux/amd64'));
  await camera.shoot('drag-to-compare', { held: true });
  await page.keyboard.press('Escape');
  await page.mouse.up();
}

async function compare(set: Set): Promise<void> {
  const { app, camera } = set;
  const left = JSON.stringify(['local', 'samples/hello-multiarch', 'latest', 'linux/amd64']);
  const right = JSON.stringify(['local', 'samples/whiteouts', 'latest']);
  await go(set, `/compare?${new URLSearchParams({ left, right }).toString()}`);
  await app.main.getByRole('table', { name: 'Settings' }).waitFor();
  await camera.shoot('compare-config', { small: true });
  await app.tab(/^Files/).click();
  await app.main.getByRole('grid', { name: 'Files that differ' }).waitFor();
  await camera.shoot('compare-files');
}
