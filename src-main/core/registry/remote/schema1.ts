import { z } from 'zod';
import { isObject } from '../transport/is-object.ts';

const signedSchema = z.looseObject({ signatures: z.array(z.looseObject({ protected: z.string() })).min(1) });
const protectedSchema = z.looseObject({ formatLength: z.int().nonnegative(), formatTail: z.string() });

/**
 * The signed payload of a schema 1 manifest: its digest is of these bytes, not of the document with the signature
 * around them. Undefined when the document is anything but the payload with `signatures` put in before its last
 * brace: the header could name any bytes as the payload, and the digest would then vouch for what is not shown.
 * Spec: Docker image manifest V2 schema 1, "Signed Manifests"; SECURITY-CASES M01. The signature is not verified.
 */
export function signedPayload(bytes: Uint8Array, manifest: unknown): Uint8Array | undefined {
  const signed = signedSchema.safeParse(manifest).data;
  const [first] = signed?.signatures ?? [];
  if (first === undefined) return undefined;
  const header = protectedSchema.safeParse(parseJson(decodeBase64(first.protected))).data;
  if (header === undefined || header.formatLength > bytes.length) return undefined;
  const tail = Buffer.from(header.formatTail, 'base64url');
  if (!/^\s*\}$/.test(tail.toString('latin1'))) return undefined;
  if (!holdsOnlySignatures(Buffer.from(bytes.subarray(header.formatLength)).toString('utf8'))) return undefined;
  return Buffer.concat([bytes.subarray(0, header.formatLength), tail]);
}

/** True for `, "signatures": […] }`: what stands between the payload and the end of the document. */
function holdsOnlySignatures(rest: string): boolean {
  const members = /^\s*,/.test(rest) ? parseJson(`{${rest.slice(rest.indexOf(',') + 1)}`) : undefined;
  return isObject(members) && Object.keys(members).join() === 'signatures';
}

function decodeBase64(text: string): string {
  return Buffer.from(text, 'base64url').toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
