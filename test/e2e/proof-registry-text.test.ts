import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, isShown, startApp, type App } from '#test/support/app.ts';
import { type FakeRegistry, json, type Reply, startFakeRegistry } from '#test/support/fake-registry.ts';
import { gantryPage, type GantryPage } from '#test/support/gantry-page.ts';
import { build, buildImage, type Built } from '#test/support/oci-builder.ts';

const MARKUP = '<img src=/stolen onerror="alert(1)"><script>alert(2)</script><style>*{display:none}</style>';
const BIDI = 'invoice\u202Efdp.exe\u202C';
const ESCAPES = '\u001b[31mred\u001b[0m';
const ZERO_WIDTH = 'admin\u200Bistrator';
const ODD = [MARKUP, BIDI, ESCAPES, ZERO_WIDTH];
const HIDDEN = ['\u202E', '\u202C', '\u001b', '\u200B'];
const pairs = Object.fromEntries(ODD.map((text, index) => [`com.example.${index} ${text}`, text]));

/** Odd text in every place of a manifest and a config where a registry may put text. */
const layer = build('layer', 'application/vnd.oci.image.layer.v1.tar+gzip', {
  annotations: pairs,
  urls: ['javascript:alert(3)', 'https://example.com/blob'],
});
const image = buildImage({
  layers: [layer],
  config: {
    author: MARKUP,
    config: {
      Env: ODD.map((text, index) => `V${index}=${text}`),
      Cmd: ODD,
      Entrypoint: ODD,
      Labels: pairs,
      User: BIDI,
      WorkingDir: ZERO_WIDTH,
    },
    history: [{ created_by: ODD.join(' '), comment: MARKUP }],
  },
  manifest: { annotations: pairs },
});

const served = ({ bytes, descriptor }: Built): Reply => ({
  headers: { 'content-type': descriptor.mediaType, warning: `299 - "${MARKUP.replaceAll('"', '')}"` },
  body: Buffer.from(bytes),
});

/** N02: text with markup, control, bidi and zero-width characters; see also the corpus of I04. */
describe.skipIf(!hasChromium())('N02 text of a registry is text', () => {
  let app: App;
  let at: GantryPage;
  let fake: FakeRegistry;
  const events: string[] = [];
  beforeAll(async () => {
    fake = await startFakeRegistry(({ path }) => {
      if (path === '/v2/') return json({});
      if (path.includes('/refused/'))
        return json({ errors: [{ code: 'DENIED', message: ODD.join(' '), detail: ODD }] }, {}, 403);
      if (path.includes('/tags/')) return json({ name: 'odd/app', tags: ['1.0'] });
      if (path.includes('/manifests/')) return served(image);
      return path.includes('/blobs/') ? { body: Buffer.from(image.config.bytes) } : undefined;
    });
    app = await startApp();
    app.page.on('dialog', (dialog) => {
      events.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    app.page.on('request', (request) => {
      if (!/^\/(?:rpc|assets|session)\b/.test(new URL(request.url()).pathname)) events.push(request.url());
    });
    at = gantryPage(app.page);
    await at.add({ host: fake.host, label: MARKUP, plainHttp: true });
    await at.goTo(`${fake.host}/odd/app:1.0`);
    await at.main.getByText('Image for').waitFor();
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
    await fake[Symbol.asyncDispose]();
  });

  /** Every hidden character anywhere in the window: text, titles, names and values. */
  const hiddenIn = () =>
    app.page.evaluate((hidden) => {
      const attributes = [...document.querySelectorAll('*')].flatMap((element) =>
        [...element.attributes].map(({ value }) => value),
      );
      const all = [document.title, document.body.textContent, ...attributes].join('\n');
      return hidden.filter((character) => all.includes(character)).map((character) => character.codePointAt(0));
    }, HIDDEN);
  const elements = () => app.page.locator('img, iframe, object, embed, main style, main script').count();

  it('in the tree, the tabs and the title of the window', async () => {
    expect(await isShown(at.tree.getByText(MARKUP, { exact: false }).first())).toBe(true);
    expect(await hiddenIn()).toEqual([]);
  });

  it.each(['Overview', 'Config', 'Layers', 'Raw'])('in %s', async (tab) => {
    await at.tab(tab).click();
    expect(await isShown(at.main.getByText(/202E/i).first())).toBe(true);
    expect(await hiddenIn()).toEqual([]);
    expect(await elements()).toBe(0);
  });

  it('in the inspector of a layer, where only http addresses are links', async () => {
    await at.tab('Layers').click();
    await at.main.getByRole('button', { name: 'Layer 1' }).click();
    expect(await isShown(at.inspector.getByText('javascript:alert(3)').first())).toBe(true);
    expect(await at.inspector.locator('a[href^="javascript" i]').count()).toBe(0);
    expect(await isShown(at.inspector.getByText('200B').first())).toBe(true);
    expect(await hiddenIn()).toEqual([]);
  });

  it('in the words of an error and its details', async () => {
    await at.goTo(`${fake.host}/refused/app`);
    await at.main.getByRole('alert').first().waitFor();
    await at.main.getByText('Details').click();
    expect(await hiddenIn()).toEqual([]);
    expect(await elements()).toBe(0);
  });

  it('and nothing of it ran, was fetched or was reported', () => {
    expect(events).toEqual([]);
    expect(app.problems).toEqual([]);
  });
});
