import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writeOciLayout } from '#main/core/local-registry/image-builder/write-oci-layout.ts';
import type { OpenArchives } from '#main/core/sources/archive.ts';
import { createOpenArchives } from '#main/core/sources/open-archives.ts';
import { going, readWhole, smallImage, tarFile, wholeOf } from '#test/support/archives.ts';
import { dockerSave } from '#test/support/docker-save.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const refusal = (reason: string) => ({ name: 'ArchiveError', reason });
const gone = { kind: 'not-found', what: 'archive' };

function start(dir = temporaryFolder(), now: () => number = Date.now): OpenArchives {
  const archives = createOpenArchives({ dir, clock: { now } });
  onTestFinished(() => archives.closeAll());
  return archives;
}

/** Files below a folder, by their paths in it. */
const filesIn = (dir: string): readonly string[] =>
  existsSync(dir)
    ? readdirSync(dir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
    : [];

async function* chunks(...parts: readonly (Uint8Array | string)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}

/** Sends the files of a folder as a page does. */
async function uploadFolder(archives: OpenArchives, folder: string): Promise<string> {
  const paths = filesIn(folder);
  const sizeBytes = paths.reduce((sum, path) => sum + statSync(path).size, 0);
  const id = await archives.beginUpload({ name: 'layout', kind: 'folder', sizeBytes });
  for (const path of paths)
    await archives.receive(id, path.slice(folder.length + 1), chunks(readFileSync(path)), going);
  return id;
}

async function layout(): Promise<string> {
  const folder = temporaryFolder();
  await writeOciLayout(folder, [{ content: smallImage(), tag: '1' }]);
  return folder;
}

describe('an archive of this machine', () => {
  it('is opened under an id, and read by any number of sources until the last is closed', async () => {
    const archives = start();
    const { archiveId, contents } = await archives.openPath(await layout(), going);
    expect([archiveId, contents.format]).toEqual([expect.stringMatching(/^[a-z0-9-]{1,64}$/), 'oci-layout']);
    const [one, other] = [archives.openArchiveSource(archiveId), archives.openArchiveSource(archiveId)];
    expect(await archives.close(archiveId)).toBe(true);
    expect(await archives.close(archiveId)).toBe(false);
    await one.close();
    expect(await readWhole(other, '1')).toEqual(wholeOf(smallImage()));
    await other.close();
    expect(() => archives.openArchiveSource(archiveId)).toThrow(expect.objectContaining(gone));
  });

  it('is found again by its ticket after a restart, with the same digests', async () => {
    const dir = temporaryFolder();
    const path = tarFile(dockerSave({}));
    const first = start(dir);
    const { archiveId } = await first.openPath(path, going);
    const ticket = first.takeTicket(archiveId);
    const { digest } = await first.openArchiveSource(archiveId).getImage(0, going);
    await first.closeAll();
    const second = start(dir);
    await second.keepOnly([ticket]);
    expect(filesIn(join(dir, 'compressed'))).toHaveLength(2);
    const source = await second.openByTicket(ticket, going);
    expect((await source.getManifest(digest, going)).digest).toBe(digest);
    await source.close();
    expect(filesIn(join(dir, 'compressed'))).toHaveLength(2);
    await second.giveBackTicket(ticket);
    expect(filesIn(dir)).toEqual([]);
  });

  it('is not taken for another file of the same name', async () => {
    const archives = start();
    const path = tarFile(dockerSave({}));
    const { archiveId } = await archives.openPath(path, going);
    const ticket = archives.takeTicket(archiveId);
    utimesSync(path, 1, 1);
    await expect(archives.openByTicket(ticket, going)).rejects.toMatchObject(refusal('changed'));
    writeFileSync(path, readFileSync(path));
    await expect(archives.openByTicket(ticket, going)).rejects.toMatchObject(refusal('changed'));
    await expect(archives.openByTicket('{}', going)).rejects.toMatchObject(gone);
  });

  it('makes nothing of a journal that was damaged', async () => {
    const archives = start();
    await archives.keepOnly(['nonsense', '{"origin":{"kind":"upload","uploadId":"../.."}}']);
    await expect(archives.openByTicket('nonsense', going)).rejects.toMatchObject(gone);
  });
});

describe('an upload', () => {
  it('becomes an archive, and is deleted with it', async () => {
    const dir = temporaryFolder();
    const archives = start(dir);
    const id = await uploadFolder(archives, await layout());
    const { archiveId, contents } = await archives.finishUpload(id, going);
    expect([archiveId, contents.name, contents.format]).toEqual([id, 'layout', 'oci-layout']);
    const source = archives.openArchiveSource(archiveId);
    expect(await archives.close(archiveId)).toBe(true);
    expect(await readWhole(source, '1')).toEqual(wholeOf(smallImage()));
    await source.close();
    expect(filesIn(dir)).toEqual([]);
  });

  it('keeps its name and is only for its owner to read', async () => {
    const dir = temporaryFolder();
    const archives = start(dir);
    const bytes = readFileSync(tarFile(dockerSave({})));
    const id = await archives.beginUpload({ name: 'my images.tar', kind: 'file', sizeBytes: bytes.length });
    await archives.receive(id, 'whatever/../name', chunks(bytes.subarray(0, 700), bytes.subarray(700)), going);
    expect(filesIn(dir).map((path) => (statSync(path).mode & 0o777).toString(8))).toEqual(['600']);
    expect((await archives.finishUpload(id, going)).contents.name).toBe('my images.tar');
  });

  it('stays for the ticket of a job over a restart, and goes when that is given back', async () => {
    const dir = temporaryFolder();
    const first = start(dir);
    const { archiveId } = await first.finishUpload(await uploadFolder(first, await layout()), going);
    await uploadFolder(first, await layout());
    const ticket = first.takeTicket(archiveId);
    await first.close(archiveId);
    await first.closeAll();
    const second = start(dir);
    await second.keepOnly([ticket]);
    expect(readdirSync(join(dir, 'uploads'))).toEqual([archiveId]);
    const source = await second.openByTicket(ticket, going);
    expect(await readWhole(source, '1')).toEqual(wholeOf(smallImage()));
    await source.close();
    await second.giveBackTicket(ticket);
    expect(readdirSync(join(dir, 'uploads'))).toEqual([]);
  });

  it('is deleted when it is no archive', async () => {
    const dir = temporaryFolder();
    const archives = start(dir);
    const id = await archives.beginUpload({ name: 'x.tar', kind: 'file', sizeBytes: 5 });
    await archives.receive(id, '', chunks('hello'), going);
    await expect(archives.finishUpload(id, going)).rejects.toMatchObject(refusal('not-an-archive'));
    expect(filesIn(dir)).toEqual([]);
    await expect(archives.receive(id, '', chunks('more'), going)).rejects.toMatchObject(gone);
  });

  it.each(['../x', '/x', 'a/../../x', 'C:x', 'a\\b', '', '.', 'a\0b', 'n/'.repeat(600)])(
    'T05 takes no file named %j',
    async (path) => {
      const dir = temporaryFolder();
      const archives = start(dir);
      const id = await archives.beginUpload({ name: 'layout', kind: 'folder', sizeBytes: 100 });
      await expect(archives.receive(id, path, chunks('x'), going)).rejects.toMatchObject(refusal('bad-path'));
      expect(filesIn(dir)).toEqual([]);
    },
  );

  it('takes no byte more than was announced, and no file twice', async () => {
    const dir = temporaryFolder();
    const archives = start(dir);
    const id = await archives.beginUpload({ name: 'layout', kind: 'folder', sizeBytes: 10 });
    await archives.receive(id, 'a', chunks('12345'), going);
    await expect(archives.receive(id, 'b', chunks('123', '456'), going)).rejects.toMatchObject(refusal('too-large'));
    await expect(archives.receive(id, 'a', chunks('1'), going)).rejects.toMatchObject({ kind: 'disk' });
    // What was refused took nothing of what may be sent.
    await archives.receive(id, 'b', chunks('67890'), going);
    expect(
      filesIn(dir)
        .map((path) => readFileSync(path, 'utf8'))
        .toSorted(),
    ).toEqual(['12345', '67890']);
  });

  it('deletes what came of a file that broke off, which may then be sent again', async () => {
    const dir = temporaryFolder();
    const archives = start(dir);
    const id = await archives.beginUpload({ name: 'layout', kind: 'folder', sizeBytes: 6 });
    const broken = async function* () {
      yield Buffer.from('123');
      throw new Error('the page is gone');
    };
    await expect(archives.receive(id, 'a', broken(), going)).rejects.toThrow('the page is gone');
    expect(filesIn(dir)).toEqual([]);
    await archives.receive(id, 'a', chunks('123456'), going);
    const stopped = new AbortController();
    stopped.abort(new Error('stopped'));
    await expect(archives.receive(id, 'b', chunks(''), { signal: stopped.signal })).rejects.toThrow('stopped');
  });

  it('K01 is refused before it begins where the disk has no room for it', async () => {
    const dir = temporaryFolder();
    const begun = start(dir).beginUpload({ name: 'x.tar', kind: 'file', sizeBytes: Number.MAX_SAFE_INTEGER });
    await expect(begun).rejects.toMatchObject({ kind: 'disk', reason: 'there is too little room', place: 'x.tar' });
    expect(filesIn(dir)).toEqual([]);
  });

  it('is given up when nothing has come for an hour', async () => {
    const dir = temporaryFolder();
    let now = 0;
    const archives = start(dir, () => now);
    const old = await archives.beginUpload({ name: 'x.tar', kind: 'file', sizeBytes: 5 });
    await archives.receive(old, '', chunks('hello'), going);
    now += 61 * 60 * 1000;
    const fresh = await archives.beginUpload({ name: 'y.tar', kind: 'file', sizeBytes: 5 });
    expect(readdirSync(join(dir, 'uploads'))).toEqual([fresh]);
    await expect(archives.finishUpload(old, going)).rejects.toMatchObject(gone);
    expect(await archives.close(fresh)).toBe(true);
    expect(readdirSync(join(dir, 'uploads'))).toEqual([]);
  });
});
