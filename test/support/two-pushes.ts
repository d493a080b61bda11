import { blobSource, patternBytes } from './blob-source.ts';
import { engineAt, push } from './pushing.ts';
import { type Interference, startUploadRegistry } from './upload-registry.ts';

/** The steps of two blobs of so many bytes, pushed one after the other by one client. */
export async function createUploads(
  interfere: Interference,
  sizeBytes: number,
): Promise<{ readonly first: string; readonly second: string }> {
  await using registry = await startUploadRegistry({ interfere });
  await using engine = engineAt(registry.host);
  await push(engine, blobSource(patternBytes(sizeBytes, 1)));
  const first = registry.steps;
  await push(engine, blobSource(patternBytes(sizeBytes, 2)));
  return { first, second: registry.steps.slice(first.length).trim() };
}
