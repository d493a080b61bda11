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
