import { OciError } from '#shared/oci/oci-error.ts';

export type Attempt<Value> =
  | { readonly ok: true; readonly value: Value; readonly error?: undefined }
  | { readonly ok: false; readonly value?: undefined; readonly error: OciError };

/** The value of a parser, or the OciError it refused with. Any other error is thrown on: a parser may not have it. */
export function attempt<Value>(parse: () => Value): Attempt<Value> {
  try {
    return { ok: true, value: parse() };
  } catch (error) {
    if (error instanceof OciError) return { ok: false, error };
    throw error;
  }
}
