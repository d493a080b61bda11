import { z } from 'zod';

const signedSchema = z.looseObject({ signatures: z.array(z.looseObject({ protected: z.string() })).min(1) });
const protectedSchema = z.looseObject({ formatLength: z.int().nonnegative(), formatTail: z.string() });

/**
 * The signed payload of a schema 1 manifest: its digest is of these bytes, not of the document with the signature
 * around them. Undefined when the signature block is not as libtrust writes it.
 * Spec: Docker image manifest V2 schema 1, "Signed Manifests". The signature itself is not verified.
 */
export function signedPayload(bytes: Uint8Array, manifest: unknown): Uint8Array | undefined {
  const signed = signedSchema.safeParse(manifest).data;
  const [first] = signed?.signatures ?? [];
  if (first === undefined) return undefined;
  const header = protectedSchema.safeParse(parseBase64Json(first.protected)).data;
  if (header === undefined || header.formatLength > bytes.length) return undefined;
  return Buffer.concat([bytes.subarray(0, header.formatLength), Buffer.from(header.formatTail, 'base64url')]);
}

function parseBase64Json(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
