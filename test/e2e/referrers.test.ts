import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { helloMultiarch } from '#main/core/local-registry/samples/hello-multiarch.ts';
import { hasChromium, isShown, seriousFindings, startApp, type App } from '#test/support/app.ts';
import { gantryPage } from '#test/support/gantry-page.ts';

const address = (repository: string, reference: string, tab: string) =>
  `/registry/local/image/${encodeURIComponent(repository)}/${reference}/${tab}`;

describe.skipIf(!hasChromium())('the referrers tab', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
  });

  const group = (name: RegExp) => app.page.getByRole('region', { name });
  const pageOfDigest = () => app.page.getByRole('main').getByRole('heading', { level: 1, name: /@/ });
  const go = async (repository: string, reference: string) => {
    await gantryPage(app.page).goAnew(address(repository, reference, 'referrers'));
    await group(/^Attached to/)
      .first()
      .waitFor();
  };

  it('lists what is attached to the index, and to the platform looked at, each by itself', async () => {
    await go('samples/attested', 'latest');
    const ofIndex = group(/^Attached to the index/);
    expect(await isShown(ofIndex.getByRole('rowheader', { name: 'Signature' }))).toBe(true);
    const kinds = () => ofIndex.getByRole('rowheader').allInnerTexts();
    await expect.poll(kinds).toEqual(expect.arrayContaining(['Signature', 'SBOM']));
    expect(await isShown(ofIndex.getByText('referrers API'))).toBe(true);
    expect(await isShown(group(/^Attached to linux/).getByText('Nothing refers to it'))).toBe(true);
  });

  it('narrows the list to one kind, and opens a referrer', async () => {
    await go('samples/attested', 'latest');
    const ofIndex = group(/^Attached to the index/);
    await ofIndex.getByText(/^SBOM \d/).click();
    await expect.poll(() => ofIndex.getByRole('rowheader').allInnerTexts()).toEqual(['SBOM']);
    await ofIndex.getByRole('link', { name: 'SBOM' }).click();
    // The list names that type, too.
    await pageOfDigest().waitFor();
    expect(await isShown(app.page.getByText('application/spdx+json').first())).toBe(true);
  });

  it('shows a referrer in the inspector with its annotations', async () => {
    await go('samples/attested', 'latest');
    await group(/^Attached to the index/)
      .getByRole('button', { name: /^Details of Signature/ })
      .click();
    const inspector = app.page.getByRole('complementary');
    expect(await isShown(inspector.getByText('org.opencontainers.image.description'))).toBe(true);
  });

  it('draws the same as a graph, with the attestations of each platform', async () => {
    await go('samples/attested', 'latest');
    await app.page.getByText('Graph', { exact: true }).click();
    const graph = app.page.getByRole('list', { name: 'Graph of referrers' });
    expect(await isShown(graph.getByRole('link', { name: 'Signature' }))).toBe(true);
    expect(await isShown(graph.getByRole('link', { name: 'linux/amd64' }))).toBe(true);
    expect(await isShown(graph.getByRole('link', { name: 'Attestation' }).first())).toBe(true);
    await graph.getByRole('button', { name: /^Show what refers to Signature/ }).click();
    expect(await isShown(graph.getByText('nothing refers to it').first())).toBe(true);
    expect(await seriousFindings(app.page)).toEqual([]);
    await graph.getByRole('link', { name: 'SBOM' }).click();
    await pageOfDigest().waitFor();
    expect(await isShown(app.page.getByText('application/spdx+json').first())).toBe(true);
  });

  it('says so where nothing is attached', async () => {
    await go(helloMultiarch.repository, 'latest');
    expect(await isShown(group(/^Attached to the index/).getByText('Nothing refers to it'))).toBe(true);
  });

  it('has no serious finding of axe, in light and dark', async () => {
    await go('samples/attested', 'latest');
    await group(/^Attached to the index/)
      .getByRole('rowheader')
      .first()
      .waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await app.page.emulateMedia({ colorScheme });
      expect(await seriousFindings(app.page)).toEqual([]);
    }
    expect(app.problems).toEqual([]);
  });
});
