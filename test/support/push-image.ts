import type { Built, BuiltImage } from './oci-builder.ts';
import { sendRaw } from './raw-http.ts';

type Login = { readonly username: string; readonly password: string };

/** Pushes what `oci-builder` made to any registry over plain http: the image's blobs, then its manifest. */
export async function pushImage(
  address: string,
  repository: string,
  image: BuiltImage,
  tags: readonly string[],
  login?: Login,
): Promise<void> {
  for (const blob of [image.config, ...image.layers]) await pushBlob(address, repository, blob, login);
  await pushManifest(address, repository, image, [image.descriptor.digest, ...tags], login);
}

export async function pushBlob(address: string, repository: string, blob: Built, login?: Login): Promise<void> {
  const headers = authorization(login);
  const opened = await sendRaw(address, { method: 'POST', path: `/v2/${repository}/blobs/uploads/`, headers });
  const location = new URL(opened.headers.location ?? '', `http://${address}`);
  location.searchParams.set('digest', blob.descriptor.digest);
  const path = `${location.pathname}${location.search}`;
  const typed = { ...headers, 'Content-Type': 'application/octet-stream' };
  expectCreated(await sendRaw(address, { method: 'PUT', path, headers: typed, body: blob.bytes }), path);
}

/** The manifest under each reference; what it names must be there. */
export async function pushManifest(
  address: string,
  repository: string,
  manifest: Built,
  references: readonly string[],
  login?: Login,
): Promise<void> {
  const headers = { ...authorization(login), 'Content-Type': manifest.descriptor.mediaType };
  for (const reference of references) {
    const path = `/v2/${repository}/manifests/${reference}`;
    expectCreated(await sendRaw(address, { method: 'PUT', path, headers, body: manifest.bytes }), path);
  }
}

function authorization(login: Login | undefined): Readonly<Record<string, string>> {
  if (login === undefined) return {};
  return { Authorization: `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}` };
}

function expectCreated({ status, body }: { readonly status: number; readonly body: Buffer }, path: string): void {
  if (status !== 201) throw new Error(`${path}: ${status} ${body.toString()}`);
}
