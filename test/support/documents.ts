import { decodeDocument } from '#main/core/documents/decode-document.ts';
import type { DocumentView } from '#main/core/documents/document.ts';

export const SOURCE = { mediaType: 'application/json', annotations: [] } as const;

type Annotations = ReadonlyArray<readonly [string, string]>;

/** What a JSON value is decoded to. */
export const decode = (value: unknown, annotations: Annotations = []) =>
  decodeDocument(Buffer.from(JSON.stringify(value)), { ...SOURCE, annotations });

export const viewOf = (value: unknown, annotations?: Annotations): DocumentView => decode(value, annotations).view;

/** The view, which must be of that kind. */
export function of<K extends DocumentView['kind']>(kind: K, view: DocumentView): Extract<DocumentView, { kind: K }> {
  if (view.kind !== kind) throw new Error(`this is ${view.kind}: ${JSON.stringify(view)}`);
  return view as Extract<DocumentView, { kind: K }>;
}

/** An in-toto statement about one subject. */
export const statement = (predicateType: string, predicate: unknown) => ({
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: 'app', digest: { sha256: 'aa', sha512: 'bb' } }],
  predicateType,
  predicate,
});

export const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');
