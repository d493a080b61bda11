import { describe, expect, it } from 'vitest';
import { withKeptAnswers } from '#main/core/image/kept/with-kept-answers.ts';
import type { RegistryClient } from '#main/core/registry/registry-client.ts';
import { parseDescriptor } from '#shared/oci/parse-descriptor.ts';
import { systemClock } from '#test/support/engine.ts';
import { createMemoryRegistry } from '#test/support/memory-registry.ts';
import { memoryShelf } from '#test/support/memory-shelf.ts';
import { buildImage, digestOf } from '#test/support/oci-builder.ts';

const repository = 'team/app';
const image = buildImage();
const digest = digestOf(image.bytes);
const BEFORE = [
  'tags team/app first',
  'tags team/app-two first',
  'tag team/app:v1',
  'tag team/app:v2',
  `referrers team/app@${digest} first`,
  `manifest team/app@${digest}`,
  'repositories first',
];

/** What is left on a shelf after a write through its client. */
async function after(write: (client: RegistryClient) => Promise<unknown>, outcome: () => Promise<never>) {
  const shelf = memoryShelf();
  for (const key of BEFORE) shelf.entries.set(key, { value: Buffer.from('{}'), note: '', seenAt: 0 });
  const bare = { ...createMemoryRegistry().client, pushManifest: outcome, addReferrer: outcome, pushBlob: outcome };
  const client = withKeptAnswers(bare, { shelf, clock: systemClock });
  await write(client).catch(() => undefined);
  return [...shelf.entries.keys()];
}

const LEFT = BEFORE.filter((key) => !key.startsWith('tags team/app first') && !key.startsWith('referrers'));

describe('what is kept of a repository', () => {
  const push = (client: RegistryClient) =>
    client.pushManifest({ repository, reference: 'v1', bytes: image.bytes, mediaType: image.descriptor.mediaType });

  it.each([
    ['went through', () => Promise.resolve() as Promise<never>],
    ['failed, and may have been carried out', () => Promise.reject(new Error('lost'))],
  ])('loses its lists and the tag that was written when a push %s', async (_name, outcome) => {
    expect(await after(push, outcome)).toEqual(LEFT.filter((key) => key !== 'tag team/app:v1'));
  });

  it('loses its lists when a referrer is added', async () => {
    const referrer = parseDescriptor(image.descriptor, 'referrer');
    const add = (client: RegistryClient) => client.addReferrer({ repository, subject: digest, referrer });
    expect(await after(add, () => Promise.resolve() as Promise<never>)).toEqual(LEFT);
  });

  it('stays when a blob is pushed, which no list and no tag shows', async () => {
    const descriptor = { digest, sizeBytes: 1 };
    const pushBlob = (client: RegistryClient) =>
      client.pushBlob({ repository, descriptor, open: () => Promise.reject(new Error('unread')) });
    expect(await after(pushBlob, () => Promise.resolve() as Promise<never>)).toEqual(BEFORE);
  });
});
