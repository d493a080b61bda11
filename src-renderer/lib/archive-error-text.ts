import type { AppError } from '#shared/api/app-error.ts';
import { formatBytes } from './format-bytes.ts';

type ArchiveFailure = Extract<AppError, { readonly kind: 'archive' }>;
type DiskFailure = Extract<AppError, { readonly kind: 'disk' }>;
type Text = { readonly title: string; readonly detail: string };

const ARCHIVE: Readonly<Record<ArchiveFailure['reason'], (archive: string) => Text>> = {
  'not-an-archive': (archive) => ({
    title: `${archive} is no archive of images`,
    detail: 'It can be a tar made by docker save, podman, skopeo or crane, an OCI archive, or an OCI layout folder.',
  }),
  truncated: (archive) => ({
    title: `${archive} is not whole`,
    detail: 'It ends in the middle, most likely because a download or a save was cut off. Make it anew.',
  }),
  'bad-entry': (archive) => ({
    title: `${archive} is not read`,
    detail: 'It holds something that no archive of images has, or that could be read in two ways.',
  }),
  'bad-path': (archive) => ({
    title: `${archive} is not read`,
    detail: 'A name or link in it leads out of the archive. Nothing was written.',
  }),
  'bad-document': (archive) => ({
    title: `${archive} cannot be understood`,
    detail: 'The list of its images, or a description of one, is not what it should be.',
  }),
  'missing-blob': (archive) => ({
    title: `Something is missing in ${archive}`,
    detail: 'It names content that it does not hold. It may have been saved for some platforms only.',
  }),
  'missing-image': (archive) => ({
    title: `${archive} does not hold that image`,
    detail: 'It may have been replaced by another file of the same name.',
  }),
  damaged: (archive) => ({
    title: `${archive} is damaged`,
    detail: 'Part of it is not what its digest says. Nothing of that part was used.',
  }),
  'too-large': (archive) => ({
    title: `${archive} is larger than it can be`,
    detail: 'A part of it is beyond the most that is read at once.',
  }),
  changed: (archive) => ({
    title: `${archive} has changed`,
    detail: 'It is another file than the one that was opened. Open it again.',
  }),
  'choose-platform': () => ({
    title: 'A docker archive holds one platform of an image',
    detail: 'Choose the platform to save, or save as an OCI archive, which holds them all.',
  }),
  'not-an-image': () => ({
    title: 'A docker archive holds images only',
    detail: 'This is an artifact. Save it as an OCI archive or an OCI layout folder.',
  }),
};

/** What stands before a detail that is a name or a list of names. */
const LEADS: Readonly<Partial<Record<ArchiveFailure['reason'], string>>> = {
  'missing-blob': 'Missing',
  'missing-image': 'Asked for',
  'choose-platform': 'There are',
};

/** The engine's words as a sentence of their own. */
function sentenceOf(reason: ArchiveFailure['reason'], detail: string): string {
  const isClause = /^(?:it|there|the|a) /.test(detail);
  const words = isClause ? `${detail.charAt(0).toUpperCase()}${detail.slice(1)}` : detail;
  return isClause ? `${words}.` : `${LEADS[reason] ?? 'Where'}: ${words}.`;
}

/** What went wrong with an archive or layout folder; `detail` of the error says where in it. */
export function archiveText({ reason, archive, detail }: ArchiveFailure): Text {
  const text = ARCHIVE[reason](archive);
  return detail === '' ? text : { title: text.title, detail: `${text.detail} ${sentenceOf(reason, detail)}` };
}

/** What went wrong with the disk, and what is left to go on from. */
export function diskText({ reason, place, keptBytes }: DiskFailure): Text {
  const title =
    place === undefined ? 'Gantry could not read or write its files' : `${place} could not be read or written`;
  const kept = keptBytes === undefined || keptBytes === 0 ? '' : `; ${formatBytes(keptBytes)} of it are kept`;
  return { title, detail: `${reason.charAt(0).toUpperCase()}${reason.slice(1)}${kept}.` };
}
