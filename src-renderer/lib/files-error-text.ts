import type { AppError } from '#shared/api/app-error.ts';

type Words = { readonly title: string; readonly detail: string; readonly action?: 'retry' };
type FilesError = Extract<AppError, { readonly kind: 'files' }>;

const TEXT: Readonly<Record<FilesError['reason'], (detail: string) => Words>> = {
  'not-open': () => ({
    title: 'This image is not open any more',
    detail: 'It was let go to make room for others. Open it again.',
    action: 'retry',
  }),
  'not-an-image': () => ({
    title: 'There are no files in this',
    detail: 'Only the image of one platform, or a layer that its manifest names, can be looked into.',
  }),
  'no-such-path': (path) => ({ title: 'There is no such file here', detail: `Nothing is at /${path} in this view.` }),
  'not-a-directory': (path) => ({ title: 'That is no directory', detail: `/${path} has nothing below it.` }),
  'not-a-file': (path) => ({
    title: 'That is no file',
    detail: `/${path} has no content that could be shown or saved.`,
  }),
  'broken-link': (path) => ({
    title: 'The link leads nowhere',
    detail: `What /${path} points to is not in this image.`,
  }),
  'too-many-links': (path) => ({
    title: 'The links lead in a circle',
    detail: `From /${path} more than 64 links lead on to one another.`,
  }),
  'no-content': (path) => ({
    title: 'The content is not here',
    detail: `The layer that holds /${path} was not read: its bytes lie outside the registry.`,
  }),
  'unsafe-path': (path) => ({
    title: 'Not saved: a name in it leads out of the chosen place',
    detail: `An entry is called “${path}”. It can be left out, and the rest saved.`,
  }),
  'too-many-entries': (limit) => ({
    title: 'Too many files to show at once',
    detail: `The layers have more than ${limit} entries together. Each layer can still be opened alone.`,
  }),
};

/** Text for what went wrong while looking inside an image. Paths in it come from the image: show it through SafeText. */
export function filesErrorText({ reason, detail }: FilesError): Words {
  return TEXT[reason](detail);
}
