import type { App } from './app.ts';
import { buildImage, type Built } from './oci-builder.ts';

/** The Local registry's address, as the status bar says it. */
async function localAddress({ page }: App): Promise<string> {
  const text = await page.getByText(/^Local registry at /).innerText();
  return text.replace('Local registry at ', '');
}

async function pushBlob(base: string, { bytes, descriptor }: Built): Promise<void> {
  const opened = await fetch(`${base}/blobs/uploads/`, { method: 'POST' });
  const location = new URL(opened.headers.get('location') ?? '', base);
  location.searchParams.set('digest', descriptor.digest);
  const done = await fetch(location, { method: 'PUT', body: Buffer.from(bytes) });
  if (done.status !== 201) throw new Error(`pushing a blob answered ${done.status}`);
}

/** One small image under many tags, `t0` to `t<count - 1>`, in the app's own Local registry. */
export async function pushTags(app: App, repository: string, count: number): Promise<void> {
  const base = `http://${await localAddress(app)}/v2/${repository}`;
  const image = buildImage();
  for (const blob of [image.config, ...image.layers]) await pushBlob(base, blob);
  const tags = Array.from({ length: count }, (_, index) => `t${index}`).values();
  const lane = async () => {
    for (const tag of tags) {
      const headers = { 'Content-Type': image.descriptor.mediaType };
      const body = Buffer.from(image.bytes);
      const answer = await fetch(`${base}/manifests/${tag}`, { method: 'PUT', headers, body });
      if (answer.status !== 201) throw new Error(`pushing ${tag} answered ${answer.status}`);
    }
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
}
