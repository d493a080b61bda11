import type { Set } from './scenes.ts';

const image = (repository: string, tab: string) =>
  `/registry/local/image/${encodeURIComponent(repository)}/latest/${tab}`;

async function go({ page }: Set, path: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, path);
}

/** What stands in place of an answer that is on its way, failed, or has nothing in it. */
export async function states(set: Set): Promise<void> {
  const { app, camera, page } = set;
  const calls = '**/rpc/files/list';
  await page.route(calls, () => undefined);
  await go(set, image('samples/zstd', 'files'));
  await app.main.getByText('Listing the files…').waitFor();
  await camera.shoot('files-waiting', { small: true });
  await page.unroute(calls);
  await page.route(calls, (route) => route.abort());
  await go(set, image('samples/docker-schema2', 'overview'));
  await go(set, image('samples/missing-history', 'files'));
  await app.alert.first().waitFor();
  await camera.shoot('files-failed', { small: true });
  await page.unroute(calls);
  await go(set, image('samples/missing-history', 'packages'));
  await app.main.getByText('No package database found').waitFor();
  await camera.shoot('packages-none');
  await go(set, '/compare');
  await app.main.getByText('Choose two images').waitFor();
  await camera.shoot('compare-choose', { small: true });
}
