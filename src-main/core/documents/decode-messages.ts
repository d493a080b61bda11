import type { DocumentSource, DocumentView, SbomPackage } from './document.ts';

/** What the thread is started with. */
export type DecodeJob = { readonly bytes: Uint8Array; readonly source: DocumentSource };

/** What it answers: packages in parts, so that taking them over holds nobody up, and the document at the end. */
export type FromDecode =
  | { readonly kind: 'packages'; readonly packages: readonly SbomPackage[] }
  | { readonly kind: 'done'; readonly view: DocumentView };
