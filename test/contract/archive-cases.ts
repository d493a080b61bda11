import { createReadStream, statSync } from 'node:fs';
import { expect } from 'vitest';
import { appErrorOf } from '#test/support/app-error-of.ts';
import type { ProcedureName } from '#test/support/contract-procedures.ts';
import type { Case, CaseContext } from './case-context.ts';

const IMAGE = { index: 0, names: ['acme/app:1'], kind: 'image', platforms: ['linux/amd64'] };

/** One true use of each procedure of `archives`. */
export const ARCHIVE_CASES: Readonly<Record<Extract<ProcedureName, `archives.${string}`>, Case>> = {
  'archives.openPath': async ({ client, archivePath }) => {
    const archive = await client.archives.openPath({ path: archivePath });
    expect(archive).toMatchObject({ name: 'images.tar', format: 'docker-tar', images: [IMAGE], warnings: [] });
    expect(archive.sizeBytes).toBe(statSync(archivePath).size);
    const absent = await appErrorOf(client.archives.openPath({ path: `${archivePath}.gone` }));
    expect(absent).toMatchObject({ kind: 'disk', place: 'images.tar.gone' });
  },

  'archives.choose': async ({ client }) => {
    const { archive } = await client.archives.choose({ what: 'file' });
    expect(archive).toMatchObject({ name: 'images.tar', images: [IMAGE] });
  },

  'archives.beginUpload': async ({ client }) => {
    const { archiveId } = await client.archives.beginUpload({ name: 'x.tar', kind: 'file', sizeBytes: 0 });
    expect(await client.archives.close({ archiveId })).toEqual({ closed: true });
  },

  'archives.finishUpload': async (context) => {
    const { client } = context;
    const archiveId = await upload(context);
    const archive = await client.archives.finishUpload({ archiveId });
    expect(archive).toMatchObject({ archiveId, name: 'uploaded.tar', format: 'docker-tar', images: [IMAGE] });
    const empty = await client.archives.beginUpload({ name: 'empty.tar', kind: 'folder', sizeBytes: 0 });
    const refused = await appErrorOf(client.archives.finishUpload(empty));
    expect(refused).toMatchObject({ kind: 'archive', reason: 'not-an-archive', archive: 'empty.tar' });
  },

  'archives.close': async (context) => {
    const { client } = context;
    const { archiveId } = await client.archives.finishUpload({ archiveId: await upload(context) });
    expect(await client.archives.close({ archiveId })).toEqual({ closed: true });
    expect(await client.archives.close({ archiveId })).toEqual({ closed: false });
    const closed = await appErrorOf(client.archives.finishUpload({ archiveId }));
    expect(closed).toMatchObject({ kind: 'not-found', what: 'archive' });
  },
};

/** The id of an upload whose one file has been sent. */
async function upload({ client, files, archivePath }: CaseContext): Promise<string> {
  const { size } = statSync(archivePath);
  const { archiveId } = await client.archives.beginUpload({ name: 'uploaded.tar', kind: 'file', sizeBytes: size });
  const bytes = createReadStream(archivePath);
  expect(await files.receive({ archiveId, path: 'uploaded.tar' }, bytes, new AbortController().signal)).toBeUndefined();
  return archiveId;
}
