import { buildArtifact, buildIndex } from '../image-builder/image.ts';
import { buildAlpineApp, buildAlpineBase } from './alpine-app.ts';
import { LINUX_AMD64, LINUX_ARM, LINUX_ARM64 } from './platforms.ts';
import { describeSample, type Sample } from './sample.ts';

/** An index whose children are indexes: one for servers, one for boards. */
export const nestedIndex: Sample = {
  repository: 'samples/nested-index',
  *build() {
    const app = (name: string, platform: typeof LINUX_AMD64) => ({
      platform,
      content: buildAlpineApp({
        name,
        version: '0.9.0',
        created: '2026-05-22T11:05:00Z',
        platform,
        labels: describeSample(name, '0.9.0', 'Part of an index of indexes'),
      }),
    });
    const servers = buildIndex([app('relay', LINUX_AMD64), app('relay', LINUX_ARM64)], {
      annotations: { 'org.opencontainers.image.title': 'relay for servers' },
    });
    const boards = buildIndex([app('relay-lite', LINUX_ARM)], {
      annotations: { 'org.opencontainers.image.title': 'relay for boards' },
    });
    const children = [
      { content: servers, annotations: { 'com.example.flavour': 'server' } },
      { content: boards, annotations: { 'com.example.flavour': 'board' } },
    ];
    yield {
      content: buildIndex(children, { annotations: describeSample('relay', '0.9.0', 'An index of indexes') }),
      tags: ['0.9.0', 'latest'],
    };
  },
};

/** Artifacts that are no images: empty config, artifactType, several files. */
export const artifact: Sample = {
  repository: 'samples/artifact',
  *build() {
    yield {
      tags: ['1.0.0', 'latest'],
      content: buildArtifact({
        artifactType: 'application/vnd.example.report.v1',
        files: [
          {
            content: '# Report\n\nEverything a registry stores is a manifest and some blobs.\n',
            mediaType: 'text/markdown',
            annotations: { 'org.opencontainers.image.title': 'report.md' },
          },
          {
            content: 'name,size\nreport.md,72\n',
            mediaType: 'text/csv',
            annotations: { 'org.opencontainers.image.title': 'files.csv' },
          },
        ],
        annotations: {
          ...describeSample('artifact', '1.0.0', 'Two files with no image around them'),
          'org.opencontainers.image.created': '2026-08-01T06:00:00Z',
        },
      }),
    };
    yield {
      tags: ['empty'],
      content: buildArtifact({
        artifactType: 'application/vnd.example.marker.v1',
        files: [],
        annotations: describeSample('marker', '1.0.0', 'No content at all: config and layer are the empty blob'),
      }),
    };
  },
};

/** Docker's own media types: a manifest list of two, and one image alone. */
export const dockerSchema2: Sample = {
  repository: 'samples/docker-schema2',
  *build() {
    const images = [LINUX_AMD64, LINUX_ARM64].map((platform) => ({
      platform,
      content: buildAlpineApp({
        name: 'classic',
        version: '5.0',
        created: '2025-12-09T19:45:30Z',
        platform,
        format: 'docker',
        labels: describeSample('classic', '5.0', 'Docker image manifest V2, schema 2'),
      }),
    }));
    yield { content: buildIndex(images, { format: 'docker' }), tags: ['5.0', 'latest'] };
    for (const { content } of images.slice(0, 1)) yield { content, tags: ['5.0-amd64'] };
  },
};

/** An image whose config has no history: layers cannot be named after what made them. */
export const missingHistory: Sample = {
  repository: 'samples/missing-history',
  *build() {
    const content = buildAlpineApp({
      name: 'silent',
      version: '1.0',
      created: '1970-01-01T00:00:00Z',
      platform: LINUX_AMD64,
      history: 'none',
      labels: describeSample(
        'silent',
        '1.0',
        'No history, and the epoch as its date, as reproducible builders write it',
      ),
    });
    yield { content, tags: ['latest'] };
  },
};

/** Layers compressed with zstd, and the same image with gzip beside it. */
export const zstd: Sample = {
  repository: 'samples/zstd',
  *build() {
    for (const compression of ['zstd', 'gzip', 'none'] as const) {
      const content = buildAlpineApp({
        name: 'dense',
        version: '3.1',
        created: '2026-09-14T08:15:00Z',
        platform: LINUX_AMD64,
        compression,
        base: buildAlpineBase('amd64', compression),
        labels: describeSample('dense', '3.1', `The same files with ${compression} layers`),
      });
      yield { content, tags: compression === 'zstd' ? ['3.1-zstd', 'latest'] : [`3.1-${compression}`] };
    }
  },
};
