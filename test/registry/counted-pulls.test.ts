import { describe, expect, it } from 'vitest';
import { withKeptAnswers } from '#main/core/image/kept/with-kept-answers.ts';
import { startEngine, systemClock } from '#test/support/engine.ts';
import { startFakeRegistry } from '#test/support/fake-registry.ts';
import { image, registryOf, repository } from '#test/support/kept-registry.ts';
import { memoryShelf } from '#test/support/memory-shelf.ts';

describe('an image where pulls are counted', () => {
  it('costs one pull for all its tags, and a HEAD for each', async () => {
    const answer = registryOf({ tag: image });
    await using registry = await startFakeRegistry((request, index) =>
      answer({ ...request, path: request.path.replace(/\/v\d$/, '/v1') }, index),
    );
    await using engine = startEngine(registry.host);
    const client = withKeptAnswers(engine.client, { shelf: memoryShelf(), clock: systemClock, countsPulls: true });
    const read = (reference: string) => client.getManifest({ repository, reference });
    const found = await Promise.all(['v1', 'v2', 'v3'].map(read));
    found.push(await read('v4'), await read('v1'));
    expect(new Set(found.map(({ digest }) => digest))).toEqual(new Set([image.descriptor.digest]));
    const { digest } = image.descriptor;
    expect(registry.lines.filter((line) => line.startsWith('GET'))).toEqual([`GET /v2/acme/web/manifests/${digest}`]);
    expect(registry.lines.filter((line) => line.startsWith('HEAD'))).toHaveLength(5);
  });
});
