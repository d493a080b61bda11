/** A reference in the part that may be cut and the part that tells it from its neighbours. */
export type SplitReference = { readonly name: string; readonly end: string };

/** Takes `:tag` or `@digest` off a reference; a text without one is all name. */
export function splitReference(text: string): SplitReference {
  const at = text.indexOf('@');
  const colon = text.lastIndexOf(':');
  const cut = at !== -1 ? at : colon > text.lastIndexOf('/') ? colon : text.length;
  return { name: text.slice(0, cut), end: text.slice(cut) };
}
