/**
 * What the reader of a tar wants next. A `read` is answered with a view of the bytes, good until the next step, or with
 * undefined when the archive ended before the first of them.
 */
export type Step =
  | { readonly kind: 'read'; readonly bytes: number }
  | { readonly kind: 'skip'; readonly bytes: number };

export type Steps<T> = Generator<Step, T, Uint8Array | undefined>;

/** Where in the archive the last step ended. */
export type Cursor = { position: number };
