import { buildIndex } from '../image-builder/image.ts';
import { buildAlpineApp, buildAlpineBase } from './alpine-app.ts';
import { LINUX_AMD64, LINUX_ARM64 } from './platforms.ts';
import { describeSample, type Sample } from './sample.ts';

/** A service deep in a path, in the way teams name their repositories. */
export const teamWebApi: Sample = {
  repository: 'samples/team/web/api',
  *build() {
    const releases = [
      { version: '2026.10.1', created: '2026-10-06T10:00:00Z', tags: ['2026.10.1'] },
      { version: '2026.11.0', created: '2026-11-17T15:48:27Z', tags: ['2026.11.0', 'main', 'latest'] },
    ];
    for (const { version, created, tags } of releases) {
      const images = [LINUX_AMD64, LINUX_ARM64].map((platform) => ({
        platform,
        content: buildAlpineApp({
          name: 'api',
          version,
          created,
          platform,
          programBytes: 420_000,
          labels: {
            ...describeSample('api', version, 'The API of the web team'),
            'com.example.team': 'web',
            'org.opencontainers.image.revision': 'b7e2f0c4a1d95e3386f2a90d417c5be8f60a2d13',
          },
        }),
      }));
      yield { content: buildIndex(images), tags };
    }
  },
};

const MINORS = [8, 9, 10, 11];

function* manyVersions(): Generator<{ readonly version: string; readonly tags: readonly string[] }> {
  for (let patch = 0; patch <= 11; patch++)
    yield { version: `1.2.${patch}`, tags: [`v1.2.${patch}`, `v1.2.${patch}-alpine`] };
  for (const minor of MINORS) {
    for (const candidate of [1, 2, 10])
      yield { version: `1.${minor}.0-rc.${candidate}`, tags: [`v1.${minor}.0-rc.${candidate}`] };
    yield { version: `1.${minor}.0`, tags: [`v1.${minor}.0`, `v1.${minor}`, `v1.${minor}.0-alpine`] };
  }
  yield { version: '2.0.0-beta.2', tags: ['v2.0.0-beta.2', 'edge'] };
  yield { version: '2.0.0', tags: ['v2.0.0', 'v2.0', 'v2', 'latest', 'stable'] };
  yield { version: 'nightly', tags: ['nightly-20261119', 'nightly-20261120', 'nightly', 'Debug', 'sha-4f9c2a1'] };
}

/** About sixty tags whose natural order is not their alphabetical one. */
export const manyTags: Sample = {
  repository: 'samples/many-tags',
  *build() {
    const base = buildAlpineBase('amd64');
    let day = Date.parse('2026-01-08T09:00:00Z');
    for (const { version, tags } of manyVersions()) {
      day += 8 * 24 * 60 * 60 * 1000;
      const created = new Date(day).toISOString().replace('.000Z', 'Z');
      const labels = describeSample('many-tags', version, 'One of many releases');
      const app = { name: 'ticker', version, created, platform: LINUX_AMD64, labels, base, programBytes: 24_000 };
      yield { content: buildAlpineApp(app), tags };
    }
  },
};
