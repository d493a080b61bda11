import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { buildArtifact, buildIndex } from '#main/core/local-registry/image-builder/image.ts';
import { writeOciLayout } from '#main/core/local-registry/image-builder/write-oci-layout.ts';
import type { ArchiveDestination, ArchiveFormat } from '#main/core/sources/archive.ts';
import { createArchiveDestination } from '#main/core/sources/create-archive-destination.ts';
import {
  blobCall,
  going,
  openForTest,
  putContent,
  readWhole,
  smallImage,
  smallIndex,
  wholeOf,
} from '#test/support/archives.ts';
import { run } from '#test/support/run.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const TARS = ['oci-tar', 'docker-tar'] as const;
const NAME = 'ghcr.io/acme/app:1.2';
const refusal = (reason: string) => ({ name: 'ArchiveError', reason });

function destinationAt(path: string, format: ArchiveFormat, key = 'job-1') {
  return closed(createArchiveDestination({ format, path, key }));
}

/** Closed when the test ends, whatever became of it. */
function closed(destination: ArchiveDestination): ArchiveDestination {
  onTestFinished(() => destination.close());
  return destination;
}

const somewhere = () => join(temporaryFolder(), 'images');

describe('an OCI layout that is there', () => {
  async function layout(): Promise<string> {
    const folder = join(temporaryFolder(), 'layout');
    mkdirSync(folder);
    await writeOciLayout(folder, [
      { content: smallImage('s390x'), tag: 'kept' },
      { content: smallImage('riscv64'), tag: '1.2' },
    ]);
    const path = join(folder, 'index.json');
    const index = JSON.parse(readFileSync(path, 'utf8'));
    index.manifests[0]['x-unknown'] = { of: 'another tool' };
    writeFileSync(path, JSON.stringify(index));
    return folder;
  }

  it('is added to, with all that others have put there', async () => {
    const path = await layout();
    const destination = destinationAt(path, 'oci-layout');
    expect(await destination.headManifest('kept', going)).toBe(smallImage('s390x').descriptor.digest);
    await putContent(destination, smallIndex(), ['2.0']);
    const before = await openForTest(path);
    expect(before.contents.images.map(({ names }) => names)).toEqual([['kept'], ['1.2']]);
    await destination.finish(going);
    const source = await openForTest(path);
    expect(source.contents.images.map(({ names }) => names)).toEqual([['kept'], ['1.2'], ['2.0']]);
    expect(readFileSync(join(path, 'index.json'), 'utf8')).toContain('"x-unknown":{"of":"another tool"}');
    expect(await readWhole(source, 'kept')).toEqual(wholeOf(smallImage('s390x')));
    expect(await readWhole(source, '2.0')).toEqual(wholeOf(smallIndex()));
    expect(readdirSync(dirname(path))).toEqual(['layout']);
  });

  it('moves a name to what took it, and keeps one tag for one image', async () => {
    const path = await layout();
    const destination = destinationAt(path, 'oci-layout');
    await putContent(destination, smallImage('amd64'), ['kept']);
    await putContent(destination, smallImage('arm64'), ['ghcr.io/acme/app:1.2']);
    await destination.finish(going);
    const source = await openForTest(path);
    expect(source.contents.images.map(({ names, digest }) => [names, digest])).toEqual([
      [['1.2'], smallImage('riscv64').descriptor.digest],
      [['kept'], smallImage('amd64').descriptor.digest],
      [['ghcr.io/acme/app:1.2'], smallImage('arm64').descriptor.digest],
    ]);
    const tags = JSON.parse(readFileSync(join(path, 'index.json'), 'utf8')).manifests.map(
      (entry: { annotations: Record<string, string> }) => entry.annotations['org.opencontainers.image.ref.name'],
    );
    expect(tags).toEqual(['1.2', 'kept', 'ghcr.io/acme/app:1.2']);
  });

  it('takes two jobs at a time', async () => {
    const path = await layout();
    const jobs = ['amd64', 'arm64'].map((architecture) => ({
      architecture,
      destination: destinationAt(path, 'oci-layout', `job-${architecture}`),
    }));
    await Promise.all(
      jobs.map(async ({ architecture, destination }) => {
        await putContent(destination, smallImage(architecture), [architecture]);
        await destination.finish(going);
      }),
    );
    const { contents } = await openForTest(path);
    expect(new Set(contents.images.flatMap(({ names }) => names))).toEqual(new Set(['kept', '1.2', 'amd64', 'arm64']));
  });

  it('lists a referrer that has no name, and no child of an index', async () => {
    const path = await layout();
    const destination = destinationAt(path, 'oci-layout');
    const subject = smallIndex().descriptor;
    const signature = buildArtifact({
      artifactType: 'test/sig',
      subject,
      files: [{ mediaType: 'text/plain', content: 's' }],
    });
    await putContent(destination, smallIndex(), ['2.0']);
    await putContent(destination, signature, []);
    await destination.finish(going);
    const source = await openForTest(path);
    expect(source.contents.images.map(({ names, kind }) => [names, kind])).toEqual([
      [['kept'], 'image'],
      [['1.2'], 'image'],
      [['2.0'], 'index'],
      [[], 'artifact'],
    ]);
    expect(await source.listReferrers(subject.digest, going)).toMatchObject([
      { descriptor: { artifactType: 'test/sig' } },
    ]);
  });

  it('is not taken for one when it is a folder of other things, or a link to elsewhere', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'thesis.txt'), 'precious');
    await expect(putContent(destinationAt(folder, 'oci-layout'), smallImage(), [])).rejects.toMatchObject(
      refusal('not-an-archive'),
    );
    expect(readdirSync(folder)).toEqual(['thesis.txt']);
    const link = join(temporaryFolder(), 'link');
    symlinkSync(folder, link);
    await expect(putContent(destinationAt(link, 'oci-layout'), smallImage(), [])).rejects.toMatchObject(
      refusal('not-an-archive'),
    );
  });

  it('may be an empty folder, as a dialog makes one', async () => {
    const path = temporaryFolder();
    const destination = destinationAt(path, 'oci-layout');
    await putContent(destination, smallImage(), ['1']);
    await destination.finish(going);
    expect(readdirSync(path).toSorted()).toEqual(['blobs', 'index.json', 'oci-layout']);
  });
});

describe.each(TARS)('an %s that is there', (format) => {
  it('stays as it was until the new one is whole', async () => {
    const path = somewhere();
    writeFileSync(path, 'the old one');
    const destination = destinationAt(path, format);
    await putContent(destination, smallImage(), [NAME]);
    expect(readFileSync(path, 'utf8')).toBe('the old one');
    await destination.finish(going);
    expect((await openForTest(path)).contents.images).toHaveLength(1);
  });
});

describe('a docker tar', () => {
  it('says before anything is sent what docker could not load', () => {
    const destination = destinationAt(somewhere(), 'docker-tar');
    const rootOf = (content: ReturnType<typeof smallImage>) => content.manifests.at(-1)!;
    const artifact = buildArtifact({ artifactType: 'test/sig', files: [{ mediaType: 'text/plain', content: 's' }] });
    const one = buildIndex([{ content: smallImage(), platform: { os: 'linux', architecture: 'amd64' } }]);
    expect(destination.refuse(rootOf(smallIndex()))).toMatchObject({
      reason: 'choose-platform',
      detail: 'linux/amd64, linux/arm64',
    });
    expect(destination.refuse(rootOf(artifact))).toMatchObject(refusal('not-an-image'));
    expect(destination.refuse(rootOf(buildIndex([])))).toMatchObject(refusal('not-an-image'));
    expect([destination.refuse(rootOf(smallImage())), destination.refuse(rootOf(one))]).toEqual([undefined, undefined]);
    expect(destinationAt(somewhere(), 'oci-tar').refuse(rootOf(artifact))).toBeUndefined();
  });

  it('is not finished with what docker could not load', async () => {
    const path = somewhere();
    const destination = destinationAt(path, 'docker-tar');
    await putContent(destination, smallIndex(), [NAME]);
    await expect(destination.finish(going)).rejects.toMatchObject(refusal('choose-platform'));
    await destination.discard();
    expect(readdirSync(dirname(path))).toEqual([]);
  });

  it('makes an image of each platform where a person has chosen several', async () => {
    const path = somewhere();
    const destination = closed(
      createArchiveDestination({ format: 'docker-tar', path, key: 'job-1', eachPlatform: true }),
    );
    await putContent(destination, smallIndex(), [NAME]);
    await destination.finish(going);
    const list = JSON.parse(await run('tar', ['-xOf', path, 'manifest.json']));
    expect(list.map(({ RepoTags }: { RepoTags: string[] }) => RepoTags)).toEqual([
      ['ghcr.io/acme/app:1.2-linux-amd64'],
      ['ghcr.io/acme/app:1.2-linux-arm64'],
    ]);
  });

  it('gives docker no name that it refuses', async () => {
    const path = somewhere();
    const destination = destinationAt(path, 'docker-tar');
    await putContent(destination, smallImage(), ['1.2', 'acme/app', 'acme/app:1.2', 'UPPER/app:1']);
    await destination.finish(going);
    const [{ RepoTags }] = JSON.parse(await run('tar', ['-xOf', path, 'manifest.json']));
    expect(RepoTags).toEqual(['acme/app:1.2']);
  });
});

describe('a tar', () => {
  it('holds a blob under sha512, whose name is too long for ustar', async () => {
    const path = somewhere();
    const destination = destinationAt(path, 'oci-tar');
    const bytes = Buffer.from('long name');
    const digest = `sha512:${createHash('sha512').update(bytes).digest('hex')}` as ReturnType<
      typeof smallImage
    >['descriptor']['digest'];
    expect(await destination.putBlob(blobCall(digest, bytes))).toBe('sent');
    await putContent(destination, smallImage(), [NAME]);
    await destination.finish(going);
    expect(await run('tar', ['-xOf', path, `blobs/sha512/${digest.slice(7)}`])).toBe('long name');
  });
});
