import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  buildBlob,
  buildJsonBlob,
  buildManifest,
  describe as describeBlob,
} from '#main/core/local-registry/image-builder/content.ts';
import { buildImage } from '#main/core/local-registry/image-builder/image.ts';
import { buildLayer } from '#main/core/local-registry/image-builder/layer.ts';
import { type App, hasChromium, isGone, isShown, seriousFindings, startApp } from '../support/app.ts';
import { isBlobRead } from '../support/chaos-faults.ts';
import { type ChaosProxy, startChaosProxy } from '../support/chaos-proxy.ts';
import { type DockerRegistry, startDockerRegistry } from '../support/docker-registry.ts';
import { gantryPage, type GantryPage } from '../support/gantry-page.ts';
import { PATIENCE_MS } from '../support/patience.ts';
import { pushContent } from '../support/push-content.ts';
import { hasTools } from '../support/tools.ts';
import { imageOf } from '../support/real-merge.ts';

const MIB = 1024 * 1024;
const BYTES_AND_TIME = /^[\d.]+ [KM]iB of [\d.]+ MiB · .*iB\/s · .* left$/;
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** An SBOM so large that one waits for it. */
function largeSbom() {
  const packages = Array.from({ length: 12_000 }, (_none, index) => ({
    SPDXID: `SPDXRef-${index}`,
    name: `package-${index}`,
    versionInfo: randomBytes(40).toString('hex'),
  }));
  const sbom = buildJsonBlob({ spdxVersion: 'SPDX-2.3', name: 'large', SPDXID: 'SPDXRef-DOCUMENT', packages });
  const config = buildBlob(Buffer.from('{}'));
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST,
    artifactType: 'application/spdx+json',
    config: describeBlob(config, 'application/vnd.oci.empty.v1+json'),
    layers: [describeBlob(sbom, 'application/spdx+json')],
  };
  return buildManifest(MANIFEST, manifest, { blobs: [sbom, config] });
}

const hex = (bytes: number) => randomBytes(bytes / 2).toString('hex');

/** One whose config is so large that one waits for it. */
const wordyImage = () =>
  buildImage({
    platform: { os: 'linux', architecture: 'amd64' },
    created: '2026-01-01T00:00:00Z',
    steps: [
      { createdBy: 'step', comment: hex(3 * MIB), layer: buildLayer([{ path: 'a', type: 'file', content: 'a' }]) },
    ],
  });

/** One with a package database that does not compress well. */
const packagedImage = () => {
  const paragraphs = Array.from(
    { length: 3 },
    (_none, at) => `Package: lib${at}\nStatus: install ok installed\nVersion: 1\nDescription: ${hex(MIB)}\n`,
  );
  return imageOf([[{ path: 'var/lib/dpkg/status', type: 'file', content: paragraphs.join('\n') }]]);
};

/** Of random bytes, so that nothing of it is known or compresses. */
const image = (name: string) => imageOf([[{ path: `${name}.bin`, type: 'file', content: randomBytes(3 * MIB) }]]);

describe.skipIf(!hasChromium() || !hasTools('docker-registry'))('a look inside over a slow line', () => {
  let app: App;
  let at: GantryPage;
  let line: ChaosProxy;
  let registry: DockerRegistry;
  let registryId: string;
  beforeAll(async () => {
    app = await startApp();
    at = gantryPage(app.page);
    registry = await startDockerRegistry();
    line = await startChaosProxy(registry.host);
    for (const tag of ['files', 'layers', 'packages', 'left', 'right', 'never', 'seen']) {
      await pushContent(registry.host, 'slow/image', image(tag), [tag]);
    }
    await pushContent(registry.host, 'slow/sbom', largeSbom(), ['latest']);
    for (const tag of ['one', 'other']) await pushContent(registry.host, 'slow/wordy', wordyImage(), [tag]);
    await pushContent(registry.host, 'slow/packaged', packagedImage(), ['latest']);
    await at.add({ host: line.host, label: 'Far away', plainHttp: true });
    registryId = /registry\/([^/?]+)/.exec(app.page.url())?.[1] ?? '';
  });
  afterEach(() => {
    line.clear();
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
    await line[Symbol.asyncDispose]();
    await registry[Symbol.asyncDispose]();
  });

  const imageTab = (tag: string, tab: string, repository = 'slow/image') =>
    at.goAnew(`/registry/${registryId}/image/${encodeURIComponent(repository)}/${tag}/${tab}`);
  /** So slow that whoever looks has a minute or two to do so. */
  const throttle = (bytesPerSecond = 30_000) =>
    line.add({ match: (seen) => isBlobRead(seen), fault: { kind: 'throttle', bytesPerSecond } });
  const cancel = () => at.main.getByRole('button', { name: 'Cancel' });
  /** The engine has let go of the blob that was asked for last, long before it was whole. */
  const expectStill = async () => {
    const last = line.requests.findLast((seen) => isBlobRead(seen));
    await expect.poll(() => last?.isBrokenOff).toBe(true);
    expect(last?.responseBytes).toBeLessThan(3 * MIB);
  };

  test.each([
    ['files', 'files'],
    ['layers', 'layers'],
    ['packages', 'packages'],
  ])('shows bytes and time left on %s, and stops at once', async (tag, tab) => {
    throttle();
    await imageTab(tag, tab);
    await at.main.getByText(/^Reading [\d.]+ [KM]iB of 3\.\d\d MiB$/).waitFor();
    expect(await isShown(at.main.getByText(/iB\/s · .* left$/))).toBe(true);
    expect(await seriousFindings(app.page)).toEqual([]);
    await cancel().click();
    expect(await isShown(at.main.getByRole('button', { name: /^Read / }))).toBe(true);
    await expectStill();
    line.clear();
    await at.main.getByRole('button', { name: /^Read / }).click();
    await at.main.getByText(/^Reading /).waitFor({ state: 'detached' });
    expect(await isGone(at.main.getByRole('button', { name: /^Read / }))).toBe(true);
    expect(await at.main.getByRole('alert').count()).toBe(0);
  });

  test('shows them in a comparison, for each side', async () => {
    throttle();
    const point = (tag: string) => JSON.stringify([registryId, 'slow/image', tag]);
    await at.goAnew(`/compare?${new URLSearchParams({ left: point('left'), right: point('right') }).toString()}`);
    await at.tab(/^Files/).click();
    await at.main.getByText(/^Reading [\d.]+ [KM]iB of 3\.\d\d MiB$/).waitFor();
    await cancel().click();
    await expectStill();
    line.clear();
    await at.main.getByRole('button', { name: 'Read the layers' }).click();
    expect(await isShown(at.main.getByRole('grid', { name: 'Files that differ' }))).toBe(true);
  });

  test('says that it waits for what both images say of themselves, and can stop', async () => {
    const held = Promise.withResolvers<void>();
    line.add({ match: ({ path }) => path.includes('/manifests/'), fault: { kind: 'wait', until: held.promise } });
    const point = (tag: string) => JSON.stringify([registryId, 'slow/image', tag]);
    await at.goAnew(`/compare?${new URLSearchParams({ left: point('never'), right: point('seen') }).toString()}`);
    await at.main.getByText('Comparing what both say of themselves…').waitFor();
    expect(await seriousFindings(app.page)).toEqual([]);
    await cancel().click();
    line.clear();
    held.resolve();
    await at.main.getByRole('button', { name: 'Go on' }).click();
    expect(await isShown(at.main.getByRole('tablist', { name: 'Comparison' }))).toBe(true);
  });

  test('shows bytes and time left of what both images say of themselves', async () => {
    throttle(100_000);
    const point = (tag: string) => JSON.stringify([registryId, 'slow/wordy', tag]);
    await at.goAnew(`/compare?${new URLSearchParams({ left: point('one'), right: point('other') }).toString()}`);
    expect(await isShown(at.main.getByText(BYTES_AND_TIME))).toBe(true);
    line.clear();
    expect(await isShown(at.main.getByRole('tablist', { name: 'Comparison' }))).toBe(true);
  });

  test('shows bytes and time left of package databases, where layers are not kept', async () => {
    await app.page.keyboard.press('Control+,');
    await at.main.getByLabel('Keep of layers at most').selectOption({ label: 'Nothing' });
    await at.main.getByText('A layer is read whole each time it is opened.').waitFor();
    throttle(50_000);
    await imageTab('latest', 'packages', 'slow/packaged');
    await at.main.getByText('Reading the package databases…').waitFor({ timeout: 2 * PATIENCE_MS });
    expect(await isShown(at.main.getByText(BYTES_AND_TIME))).toBe(true);
    expect(await seriousFindings(app.page)).toEqual([]);
    await cancel().click();
    expect(await isShown(at.main.getByText('Stopped', { exact: true }))).toBe(true);
    line.clear();
    await at.main.getByRole('button', { name: 'Go on' }).click();
    expect(await isShown(at.main.getByRole('row', { name: /lib1/ }))).toBe(true);
  });

  test('shows bytes and time left of a document, and stops at once', async () => {
    throttle();
    await imageTab('latest', 'documents', 'slow/sbom');
    await at.main.getByText('Reading the document…').waitFor();
    expect(await isShown(at.main.getByText(BYTES_AND_TIME))).toBe(true);
    expect(await seriousFindings(app.page)).toEqual([]);
    await cancel().click();
    expect(await isShown(at.main.getByText('Stopped', { exact: true }))).toBe(true);
    line.clear();
    await at.main.getByRole('button', { name: 'Go on' }).click();
    expect(await isShown(at.main.getByRole('grid', { name: 'Packages of the SBOM' }))).toBe(true);
    expect(app.problems).toEqual([]);
  });
});
