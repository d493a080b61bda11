import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { buildArtifact } from '#main/core/local-registry/image-builder/image.ts';
import { writeOciLayout } from '#main/core/local-registry/image-builder/write-oci-layout.ts';
import { going, openForTest, readBlob, readWhole, smallImage, smallIndex, wholeOf } from '#test/support/archives.ts';
import { run } from '#test/support/run.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const refusal = (reason: string) => ({ name: 'ArchiveError', reason });

const signature = (subject: ReturnType<typeof smallIndex>['descriptor'], content: string) =>
  buildArtifact({ artifactType: 'test/signature', subject, files: [{ mediaType: 'text/plain', content }] });

async function layoutOf(...tags: readonly string[]): Promise<string> {
  const folder = join(temporaryFolder(), 'layout');
  mkdirSync(folder);
  await writeOciLayout(
    folder,
    tags.map((tag) => ({ content: smallIndex(), tag })),
  );
  return folder;
}

/** A layout as a tar, as GNU tar packs it. */
async function layoutTar(layout: string): Promise<string> {
  const path = join(temporaryFolder(), 'images.tar');
  await run('tar', ['-cf', path, '-C', layout, '.']);
  return path;
}

describe('an OCI layout', () => {
  it.each(['a folder', 'a tar', 'a tar compressed with gzip', 'a tar compressed with zstd'])(
    'is read from %s',
    async (how) => {
      const layout = await layoutOf('1.0');
      const tar = await layoutTar(layout);
      if (how.endsWith('gzip')) writeFileSync(tar, gzipSync(readFileSync(tar)));
      if (how.endsWith('zstd')) writeFileSync(tar, zstdCompressSync(readFileSync(tar)));
      const source = await openForTest(how === 'a folder' ? layout : tar);
      const index = smallIndex();
      expect(source.contents).toMatchObject({
        format: how === 'a folder' ? 'oci-layout' : 'oci-tar',
        images: [
          {
            index: 0,
            names: ['1.0'],
            digest: index.descriptor.digest,
            kind: 'index',
            platforms: ['linux/amd64', 'linux/arm64'],
          },
        ],
        warnings: [],
      });
      expect(source.contents.images[0]?.sizeBytes).toBe(index.blobs.reduce((sum, { bytes }) => sum + bytes.length, 0));
      expect(await readWhole(source, '1.0')).toEqual(wholeOf(index));
    },
  );

  it('lists each image once with all its names, the full ones where there are any', async () => {
    const layout = await layoutOf('1', '1.0');
    const path = join(layout, 'index.json');
    const index = JSON.parse(readFileSync(path, 'utf8'));
    index.manifests[1].annotations['io.containerd.image.name'] = 'docker.io/acme/app:1.0';
    writeFileSync(path, JSON.stringify(index));
    const { contents } = await openForTest(layout);
    expect(contents.images.map(({ names }) => names)).toEqual([['1', 'docker.io/acme/app:1.0']]);
  });

  it('gives a blob from any byte on', async () => {
    const source = await openForTest(await layoutTar(await layoutOf('1')));
    const [blob] = smallIndex().blobs;
    const rest = await readBlob(source, blob!.digest, blob!.bytes.length, 10);
    expect(rest).toEqual(Buffer.from(blob!.bytes.subarray(10)));
    expect(await readBlob(source, blob!.digest, blob!.bytes.length, blob!.bytes.length)).toHaveLength(0);
  });

  it('tells what was left out of a layout saved for some platforms, and still lists the rest', async () => {
    const layout = await layoutOf('1');
    const missing = smallImage('arm64').descriptor.digest;
    rmSync(join(layout, 'blobs', missing.replace(':', '/')));
    const source = await openForTest(layout);
    expect(source.contents.warnings).toEqual([
      { source: 'gantry', text: `linux/arm64 (${missing}): not in the archive` },
    ]);
    await expect(source.getManifest(missing, going)).rejects.toMatchObject(refusal('missing-blob'));
  });

  it('T17 refuses a manifest that is not what its name says', async () => {
    const layout = await layoutOf('1');
    const { digest } = smallIndex().descriptor;
    writeFileSync(join(layout, 'blobs', digest.replace(':', '/')), 'changed');
    await expect(openForTest(layout)).rejects.toMatchObject(refusal('damaged'));
  });

  it('T17 reads no blob, list or folder through a link', async () => {
    const [blob] = smallIndex().blobs;
    const path = (layout: string) => join(layout, 'blobs', blob!.digest.replace(':', '/'));
    const linked = await layoutOf('1');
    renameSync(path(linked), join(linked, 'elsewhere'));
    symlinkSync(join(linked, 'elsewhere'), path(linked));
    await expect(readBlob(await openForTest(linked), blob!.digest, blob!.bytes.length)).rejects.toMatchObject(
      refusal('missing-blob'),
    );
    const folderLinked = await layoutOf('1');
    renameSync(join(folderLinked, 'blobs'), join(folderLinked, 'away'));
    symlinkSync('away', join(folderLinked, 'blobs'));
    await expect(openForTest(folderLinked)).rejects.toMatchObject(refusal('missing-blob'));
    const listLinked = await layoutOf('1');
    renameSync(join(listLinked, 'index.json'), join(listLinked, 'list'));
    symlinkSync('list', join(listLinked, 'index.json'));
    await expect(openForTest(listLinked)).rejects.toMatchObject(refusal('missing-blob'));
  });

  it('T17 waits for no named pipe and reads no folder in the place of a blob', async () => {
    const layout = await layoutOf('1');
    const [pipe, folder] = smallIndex().blobs;
    const path = (digest: string) => join(layout, 'blobs', digest.replace(':', '/'));
    rmSync(path(pipe!.digest));
    await run('mkfifo', [path(pipe!.digest)]);
    rmSync(path(folder!.digest));
    mkdirSync(path(folder!.digest));
    const source = await openForTest(layout);
    for (const { digest, bytes } of [pipe!, folder!]) {
      await expect(readBlob(source, digest, bytes.length)).rejects.toMatchObject(refusal('missing-blob'));
    }
  });

  it.each<[string, string, string, string]>([
    [
      'T17 a digest that leads out',
      'index.json',
      '{"schemaVersion":2,"manifests":[{"mediaType":"a","digest":"sha256:../../x","size":1}]}',
      'bad-document',
    ],
    ['a list that is not JSON', 'index.json', '{', 'bad-document'],
    [
      'a list that could be read in two ways',
      'index.json',
      '{"schemaVersion":2,"manifests":[],"Manifests":[]}',
      'bad-document',
    ],
    ['a list of more than 4 MiB', 'index.json', ' '.repeat(4 * 1024 * 1024 + 1), 'too-large'],
    ['another version', 'oci-layout', '{"imageLayoutVersion":"2.0.0"}', 'bad-document'],
    ['a version that is none', 'oci-layout', '[]', 'bad-document'],
  ])('is refused with %s', async (_name, path, text, reason) => {
    const layout = await layoutOf('1');
    writeFileSync(join(layout, path), text);
    await expect(openForTest(layout)).rejects.toMatchObject(refusal(reason));
    await expect(openForTest(await layoutTar(layout))).rejects.toMatchObject(refusal(reason));
  });

  it('tells a blob of another size than its descriptor says', async () => {
    const source = await openForTest(await layoutOf('1'));
    const [blob] = smallIndex().blobs;
    await expect(readBlob(source, blob!.digest, blob!.bytes.length + 1)).rejects.toMatchObject(refusal('damaged'));
  });

  it('has referrers: by subject, by the fallback tag and by the tags of cosign', async () => {
    const folder = join(temporaryFolder(), 'layout');
    const index = smallIndex();
    const { digest } = index.descriptor;
    const tag = digest.replace(':', '-');
    await writeOciLayout(folder, [
      { content: index, tag: '1' },
      { content: signature(index.descriptor, 'subject') },
      { content: smallImage('s390x'), tag: `${tag}.sig` },
    ]);
    const source = await openForTest(folder);
    expect(await source.listReferrers(digest, going)).toMatchObject([
      {
        descriptor: {
          digest: signature(index.descriptor, 'subject').descriptor.digest,
          artifactType: 'test/signature',
        },
      },
      { descriptor: { digest: smallImage('s390x').descriptor.digest }, tag: `${tag}.sig` },
    ]);
    expect(await source.listReferrers(smallImage().descriptor.digest, going)).toEqual([]);
  });
});
