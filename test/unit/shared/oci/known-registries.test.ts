import { describe, expect, it } from 'vitest';
import { likelyMeantRegistry } from '#shared/oci/known-registries.ts';

describe('likelyMeantRegistry', () => {
  it.each([
    ['ghrc.io', 'ghcr.io'],
    ['ghcr.oi', 'ghcr.io'],
    ['gchr.io', 'ghcr.io'],
    ['dockr.io', 'docker.io'],
    ['dockerr.io', 'docker.io'],
    ['docket.io', 'docker.io'],
    ['quay.o', 'quay.io'],
    ['registry.gitlab.co', 'registry.gitlab.com'],
  ])('takes %s for a slip of %s (N04)', (host, meant) => {
    expect(likelyMeantRegistry(host)).toBe(meant);
  });

  it.each(['ghcr.io', 'gcr.io', 'docker.io', 'registry.example', 'localhost:5000', '127.0.0.1:5000', 'eu.gcr.io'])(
    'takes %s for what it says',
    (host) => {
      expect(likelyMeantRegistry(host)).toBeUndefined();
    },
  );
});
