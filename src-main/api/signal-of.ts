/** `{ signal }` for a call of the engine when there is one, else nothing: an absent field is not an undefined one. */
export function signalOf(signal: AbortSignal | undefined): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
