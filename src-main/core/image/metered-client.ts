import type { RegistryClient } from '../registry/registry-client.ts';

/** Bytes of manifests and configs: what has come, and what is known to come; more may follow when that is there. */
export type MeterReading = { readonly readBytes: number; readonly totalBytes: number };

/** The same client, telling how much of the manifests and small blobs that are asked of it has come. */
export function createMeter(tell: (reading: MeterReading) => void) {
  let readBytes = 0;
  let totalBytes = 0;
  const add = (read: number, total: number): void => {
    readBytes += read;
    totalBytes += total;
    tell({ readBytes, totalBytes });
  };
  return (client: RegistryClient): RegistryClient => ({
    ...client,
    getManifest: async (call) => {
      const manifest = await client.getManifest(call);
      add(manifest.bytes.length, manifest.bytes.length);
      return manifest;
    },
    getBlob: async (call) => {
      let heard = 0;
      const hear = (read: number): void => {
        add(read - heard, 0);
        heard = read;
        call.onProgress?.(read);
      };
      add(0, call.descriptor.sizeBytes);
      const bytes = await client.getBlob({ ...call, onProgress: hear });
      // What was known already told nothing.
      add(bytes.length - heard, 0);
      return bytes;
    },
  });
}
