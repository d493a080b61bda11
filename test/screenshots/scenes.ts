import type { Page } from 'playwright-core';
import { gantryPage, type GantryPage } from '../support/gantry-page.ts';
import type { Camera } from './camera.ts';
import { USER, type Stage } from './stage.ts';

/** Relative times read the same in every run. */
export const NOW = new Date('2026-11-21T09:00:00Z');

export type Set = {
  readonly page: Page;
  readonly app: GantryPage;
  readonly camera: Camera;
  readonly stage: Stage;
};

export function createSet(page: Page, camera: Camera, stage: Stage): Set {
  return { page, app: gantryPage(page), camera, stage };
}

/** Nothing is on its way any more: no skeleton, no spinner. */
async function quiet({ page }: Set): Promise<void> {
  await page.waitForFunction(() => document.querySelector('[aria-busy=true], [role=progressbar]') === null);
}

async function open(set: Set, path: string): Promise<void> {
  await set.page.evaluate((hash) => {
    location.hash = hash;
  }, path);
  await set.app.main.getByRole('heading', { level: 1 }).first().waitFor();
  await quiet(set);
}

const local = (repository: string, reference = 'latest', tab = 'overview') =>
  `/registry/local/image/${encodeURIComponent(repository)}/${reference}/${tab}`;

export async function firstRun(set: Set): Promise<void> {
  const { app, camera, page } = set;
  await page.getByRole('link', { name: 'samples/many-tags' }).waitFor({ timeout: 30_000 });
  await quiet(set);
  await camera.shoot('welcome', { small: true });
  for (const name of ['Local', 'samples', 'hello-multiarch', 'team', 'web']) await expand(set, name);
  await app.row('2.1.0').or(app.row('latest')).first().waitFor();
  await camera.shoot('tree');
}

async function expand({ app, page }: Set, name: string): Promise<void> {
  const row = app.row(name).first();
  await row.waitFor();
  if ((await row.getAttribute('aria-expanded')) === 'true') return;
  await row.locator('[data-twisty]').click();
  await page.waitForTimeout(100);
}

export async function connecting(set: Set): Promise<void> {
  const { app, camera, stage } = set;
  const test = () => app.dialog.getByRole('button', { name: 'Test connection' }).click();
  const done = () => app.dialog.locator('section[aria-busy=false]').waitFor();
  await app.openDialog();
  await camera.shoot('connect-empty', { small: true });
  await app.dialog.getByLabel('Host').fill('ghcr.io');
  await app.dialog.getByRole('radio', { name: 'As docker or podman is signed in' }).click();
  await app.dialog.getByRole('button', { name: 'Connection options' }).click();
  await camera.shoot('connect-options', { small: true });
  await app.dialog.getByLabel('Upload chunks (MiB)').scrollIntoViewIfNeeded();
  await camera.shoot('connect-options-uploads');
  await app.dialog.getByRole('button', { name: 'Connection options' }).click();
  await app.typeIn({ host: stage.team, label: 'Team', ...USER, password: 'wrong', plainHttp: true });
  await test();
  await done();
  await camera.shoot('connect-wrong-password');
  await app.dialog.getByLabel('Password or access token').fill(USER.password);
  await test();
  await done();
  await camera.shoot('connect-tested', { small: true });
  const rung = app.dialog.getByRole('button', { name: /Registry protocol/ });
  await rung.click();
  await rung.scrollIntoViewIfNeeded();
  await camera.shoot('connect-rung');
  await app.dialog.getByRole('button', { name: 'Add registry' }).click();
  await app.dialog.waitFor({ state: 'detached' });
  await app.main.getByRole('link', { name: 'shop/web' }).waitFor();
  await quiet(set);
  await camera.shoot('registry', { small: true });
  await app.openDialog();
  await app.typeIn({ host: stage.selfSigned });
  await test();
  await done();
  await camera.shoot('connect-bad-certificate');
  await app.dialog.getByRole('button', { name: 'Cancel' }).click();
}

export async function repositories(set: Set): Promise<void> {
  const { app, camera } = set;
  await open(set, '/registry/local/repository/samples%2Fmany-tags');
  await camera.shoot('tags', { small: true });
  await app.main.getByRole('row').nth(4).getByRole('gridcell').nth(3).click();
  await quiet(set);
  await camera.shoot('tags-selected');
  await app.main.getByText('Digests', { exact: true }).click();
  await quiet(set);
  await camera.shoot('digests');
}

export async function images(set: Set): Promise<void> {
  const { app, camera } = set;
  for (const tab of ['overview', 'platforms', 'config', 'layers', 'raw']) {
    await open(set, local('samples/hello-multiarch', 'latest', tab));
    await camera.shoot(`image-${tab}`, { small: true });
  }
  const others = [
    ['attested', local('samples/attested')],
    ['attested-platforms', local('samples/attested', 'latest', 'platforms')],
    ['nested-index', local('samples/nested-index')],
    ['artifact', local('samples/artifact')],
    ['artifact-blobs', local('samples/artifact', 'latest', 'layers')],
    ['docker-schema2', local('samples/docker-schema2', '5.0-amd64')],
    ['referrers', local('samples/attested', 'latest', 'referrers')],
    ['missing-history', local('samples/missing-history', 'latest', 'layers')],
  ] as const;
  for (const [name, path] of others) {
    await open(set, path);
    await camera.shoot(name);
  }
  await open(set, local('samples/odd-text', 'latest', 'config'));
  await app.main.getByText('com.example.lines').scrollIntoViewIfNeeded();
  await camera.shoot('odd-text');
}

export async function failures(set: Set): Promise<void> {
  const { app, camera, page, stage } = set;
  const main = (text: string | RegExp) => app.main.getByText(text).first().waitFor();
  await open(set, '/registry/local/repository/samples%2Fnothing-here');
  await main(/does not exist|not there|no such/i).catch(() => undefined);
  await camera.shoot('error-repository-missing');
  await open(set, local('samples/hello-multiarch', 'gone'));
  await camera.shoot('error-tag-missing');
  await app.add({ host: stage.nobody, plainHttp: true });
  await app.alert.first().waitFor();
  await camera.shoot('error-unreachable', { small: true });
  await app.add({ host: stage.selfSigned });
  await app.alert.first().waitFor();
  // The certificate was made a moment ago, and must not lie in the future.
  await page.clock.setFixedTime(new Date());
  await page.reload();
  await app.alert.first().waitFor();
  await camera.shoot('error-certificate');
  await app.main.getByText('Details').first().click();
  await app.main.getByRole('list', { name: 'Certificates' }).waitFor();
  await camera.shoot('error-certificate-details');
  await page.clock.setFixedTime(NOW);
  await app.add({ host: stage.empty, plainHttp: true });
  await app.main.getByText('No repositories').waitFor();
  await camera.shoot('empty-registry');
  await app.add({ host: stage.closed, label: 'Closed', plainHttp: true });
  await app.alert.first().waitFor();
  await camera.shoot('error-catalog-closed');
  await app.main.getByRole('button', { name: 'Pin a repository…' }).first().click();
  await app.dialog.waitFor();
  await camera.shoot('pin');
  await page.keyboard.press('Escape');
  await app.dialog.waitFor({ state: 'detached' });
  const pinned = async (repository: string, name: string, ready: () => Promise<unknown>) => {
    await app.goTo(`${stage.closed}/${repository}`);
    await app.main.getByRole('heading', { level: 1, name: repository }).waitFor();
    await ready();
    await camera.shoot(name);
  };
  await pinned('team/portal', 'error-web-page', () => app.alert.first().waitFor());
  await pinned('team/empty', 'empty-repository', () => main('No tags'));
  await pinned('team/damaged', 'error-rows', () => main('Try again'));
  await pinned('team/slow', 'loading-tags', () => page.waitForTimeout(300));
  await app.goTo(`${stage.closed}/team/slow:1.0`);
  await page.waitForTimeout(500);
  await camera.shoot('loading-image');
}

/** A registry that was looked at and is gone: what was seen is still there. */
export async function offline(set: Set): Promise<void> {
  const { app, camera, page, stage } = set;
  await app.add({ host: stage.passing, label: 'On the road', plainHttp: true });
  const image = `${stage.passing}/shop/web:latest`;
  await app.goTo(image);
  await app.main.getByRole('tab', { name: 'Overview' }).waitFor();
  await quiet(set);
  await stage.passAway();
  // The engine's clock is not the page's: what it saw a moment ago must not lie in the future.
  await page.clock.setFixedTime(new Date());
  await page.reload();
  await app.main.getByText(/^Offline: this was seen/).waitFor();
  await camera.shoot('offline', { small: true });
  await page.clock.setFixedTime(NOW);
}

/** Every request of the scenes before. */
export async function log(set: Set): Promise<void> {
  const { app, camera, page } = set;
  await page.evaluate(() => {
    location.hash = '/log';
  });
  const entries = app.main.getByRole('listbox').getByRole('option');
  await entries.first().waitFor();
  await camera.shoot('request-log');
  await app.main.getByRole('searchbox', { name: 'Filter requests' }).fill('_catalog 401');
  await entries.first().click();
  await camera.shoot('request-log-entry', { small: true });
}

export async function around(set: Set): Promise<void> {
  const { app, camera, page } = set;
  await open(set, local('samples/hello-multiarch'));
  await page.keyboard.press('Control+k');
  await app.dialog.waitFor();
  await camera.shoot('palette');
  await page.keyboard.type('team');
  await page.waitForTimeout(200);
  await camera.shoot('palette-search');
  await page.keyboard.press('Escape');
  await app.dialog.waitFor({ state: 'detached' });
  await app.main.focus();
  await page.keyboard.press('?');
  await app.dialog.waitFor();
  await camera.shoot('shortcuts', { small: true });
  await page.keyboard.press('Escape');
  await app.dialog.waitFor({ state: 'detached' });
  await app.goTo('Not A Reference!');
  await page.getByRole('alert').first().waitFor();
  await camera.shoot('address-malformed');
  await page.keyboard.press('Escape');
  await open(set, '/settings');
  await app.main.getByRole('button', { name: 'Why this credential' }).first().click();
  await camera.shoot('settings', { small: true });
}

/** An authority of one's own, a token server of another name, and where both stand in the settings. */
export async function trusting(set: Set): Promise<void> {
  const { app, camera, stage } = set;
  const button = (name: string | RegExp) => app.dialog.getByRole('button', { name });
  const test = async () => {
    await button('Test connection').click();
    await app.dialog.locator('section[aria-busy=false]').waitFor();
  };
  const add = async () => {
    await button('Add registry').click();
    await app.dialog.waitFor({ state: 'detached' });
    await quiet(set);
  };
  await app.openDialog();
  await app.typeIn({ host: stage.ownAuthority.host, label: 'Company' });
  await test();
  await button('Add its authority…').click();
  const file = app.dialog.getByLabel('File for Certificate authority', { exact: true });
  await file.setInputFiles({
    name: 'ca.pem',
    mimeType: 'application/x-pem-file',
    buffer: Buffer.from(stage.ownAuthority.pem),
  });
  await app.dialog.getByText(/^Example Company CA, expires/).waitFor();
  await test();
  const connected = app.dialog.getByRole('heading', { name: 'Connected' });
  await connected.waitFor();
  await camera.shoot('connect-authority-tested', { small: 'both', of: app.dialog.getByText('First call') });
  const authority = app.dialog.locator('[name=caPem]');
  await authority.scrollIntoViewIfNeeded();
  await camera.shoot('connect-authority', { small: 'both', of: authority });
  await add();
  await app.openDialog();
  await app.typeIn({ host: stage.tokened.host, label: 'Builds', ...USER, plainHttp: true });
  await test();
  const trust = button(`Trust ${stage.tokened.tokenHost}`);
  await trust.scrollIntoViewIfNeeded();
  await camera.shoot('connect-token-host', { small: 'both', of: trust });
  await trust.click();
  await connected.waitFor();
  await camera.shoot('connect-token-host-trusted', { small: 'both', of: app.dialog.getByText('First call') });
  await add();
  await open(set, '/settings');
  const builds = app.main.getByRole('listitem').filter({ hasText: stage.tokened.tokenHost }).last();
  await builds.scrollIntoViewIfNeeded();
  await camera.shoot('settings-trust', { small: 'both', of: builds });
}
