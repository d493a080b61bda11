import { describe, expect, test } from 'vitest';
import type { ArchiveImage } from '#shared/api/archives.ts';
import { parseDigest } from '#shared/oci/digest.ts';
import { archiveFacts, archiveImageName, fileNameProblem, suggestFileName } from '#renderer/lib/archive-text.ts';
import type { CopySource } from '#renderer/lib/copy-sources.ts';

const image = (...names: readonly string[]): ArchiveImage => ({
  index: 0,
  names: [...names],
  digest: parseDigest(`sha256:${'cd'.repeat(32)}`),
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  kind: 'image',
  platforms: [],
  sizeBytes: 1,
});
const source = (repository: string, reference: string): CopySource => ({
  kind: 'image',
  registryId: 'r',
  repository,
  reference,
});

describe('archiveFacts', () => {
  test('takes a docker name apart', () => {
    expect(archiveFacts(image('docker.io/library/app:1'))).toMatchObject({
      repository: 'library/app',
      name: 'app',
      registry: 'docker.io',
      tag: '1',
    });
    expect(archiveFacts(image('127.0.0.1:5000/team/app:2'))).toMatchObject({
      repository: 'team/app',
      registry: '127.0.0.1-5000',
      tag: '2',
    });
  });

  test('has no repository where the name is a tag alone, and nothing where there is no name', () => {
    expect(archiveFacts(image('1.27'))).toMatchObject({ repository: '', tag: '1.27' });
    expect(archiveFacts(image())).toMatchObject({ repository: '', tag: '' });
    expect(archiveFacts(image('no name at all'))).toMatchObject({ repository: '', tag: '' });
  });
});

test('an image without a name is called by the beginning of its digest', () => {
  expect(archiveImageName(image())).toBe('cdcdcdcdcdcd');
  expect(archiveImageName(image('app:1', 'app:latest'))).toBe('app:1');
});

describe('suggestFileName', () => {
  test.each([
    [[source('shop/web', '1.2')], 'oci-tar', 'web-1.2.tar'],
    [[source('shop/web', `sha256:${'ab'.repeat(32)}`)], 'oci-tar', `web-sha256-${'ab'.repeat(28)}a.tar`],
    [[source('shop/web', '1'), source('shop/web', '2')], 'docker-tar', 'web-2-images.tar'],
    [[source('a', '1'), source('b', '1')], 'oci-tar', 'images.tar'],
    [[source('shop/web', '1')], 'oci-layout', 'web-1'],
  ] as const)('%j', (sources, format, name) => {
    expect(suggestFileName(sources, format)).toBe(name);
    expect(fileNameProblem(name)).toBeUndefined();
  });
});

describe('fileNameProblem', () => {
  test.each(['', '  ', 'a/b.tar', 'a\\b', 'con:tar', 'what?.tar', 'a\u0007b', '..', 'name.', 'x'.repeat(201)])(
    'refuses %j',
    (name) => {
      expect(fileNameProblem(name)).toBeDefined();
    },
  );
});
