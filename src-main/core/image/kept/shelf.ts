/** Where answers are kept, as this folder sees it; `seenAt` in milliseconds. It never throws. */
export type Shelf = {
  get(kind: string, key: string): ShelfEntry | undefined;
  put(kind: string, key: string, value: Uint8Array, note?: string): void;
  drop(kind: string, key: string): void;
  /** All of a kind whose key begins so. */
  dropStarting(kind: string, prefix: string): void;
};

export type ShelfEntry = { readonly value: Uint8Array; readonly note: string; readonly seenAt: number };

/** Something kept, and when it was last seen to be so. */
export type Kept<T> = { readonly value: T; readonly seenAt: number };
