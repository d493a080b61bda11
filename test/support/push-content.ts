import type { BuiltContent } from '#main/core/local-registry/image-builder/content.ts';
import { sendRaw } from './raw-http.ts';

/**
 * Pushes built content to any registry over plain http: blobs, then manifests with children first, then the tags.
 * `headers` go with every request, e.g. Authorization.
 */
export async function pushContent(
  address: string,
  repository: string,
  content: BuiltContent,
  tags: readonly string[] = [],
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  for (const { digest, bytes } of content.blobs) {
    const opened = await sendRaw(address, { method: 'POST', path: `/v2/${repository}/blobs/uploads/`, headers });
    const location = new URL(opened.headers.location ?? '', `http://${address}`);
    location.searchParams.set('digest', digest);
    const path = `${location.pathname}${location.search}`;
    const octets = { ...headers, 'Content-Type': 'application/octet-stream' };
    expectStatus(await sendRaw(address, { method: 'PUT', path, headers: octets, body: bytes }), 201, path);
  }
  for (const manifest of content.manifests) {
    const isRoot = manifest === content.manifests.at(-1);
    for (const reference of [manifest.digest, ...(isRoot ? tags : [])]) {
      const path = `/v2/${repository}/manifests/${reference}`;
      const typed = { ...headers, 'Content-Type': manifest.mediaType };
      expectStatus(await sendRaw(address, { method: 'PUT', path, headers: typed, body: manifest.bytes }), 201, path);
    }
  }
}

function expectStatus({ status, body }: { status: number; body: Buffer }, wanted: number, path: string): void {
  if (status !== wanted) throw new Error(`${path}: ${status} ${body.toString()}`);
}
