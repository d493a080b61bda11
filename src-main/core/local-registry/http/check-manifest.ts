import { z } from 'zod';
import { type Digest, digestSchema } from '#shared/oci/digest.ts';
import { parseJson } from '#shared/oci/json.ts';
import { createKeyCheck, MANIFEST_KEY_DEPTH } from '#shared/oci/manifest-keys.ts';
import { isForeignLayer, manifestKind, MEDIA_TYPE, stripParameters } from '#shared/oci/media-type.ts';
import { OciError } from '#shared/oci/oci-error.ts';
import type { NewManifest } from '../store/manifests.ts';
import { SpecError } from './spec-error.ts';

const referenceSchema = z.object({
  mediaType: z.string().default(''),
  digest: digestSchema,
  urls: z.array(z.string()).nullish(),
});
type Reference = z.infer<typeof referenceSchema>;

const listSchema = z
  .array(referenceSchema)
  .nullish()
  .transform((list) => list ?? []);

/** It stands in a header of every answer; what cannot would make a manifest that is stored and never read. Spec: RFC 6838, 4.2. */
const MEDIA_TYPE_NAME = /^[a-z0-9][\w!#$&^.+-]{0,126}\/[a-z0-9][\w!#$&^.+-]{0,126}$/i;

/** Only what the registry itself must know of a manifest; the bytes are stored as they came. */
const manifestSchema = z.object({
  mediaType: z.string().optional(),
  config: referenceSchema.nullish(),
  layers: listSchema,
  blobs: listSchema,
  manifests: listSchema,
  fsLayers: z.array(z.object({ blobSum: digestSchema })).nullish(),
  subject: referenceSchema.nullish(),
  artifactType: z.string().optional(),
  annotations: z.record(z.string(), z.string()).nullish(),
});
type ManifestBody = z.infer<typeof manifestSchema>;

/** A manifest that may be stored once everything it needs is there. */
export type CheckedManifest = {
  readonly mediaType: string;
  /** Blobs that must be in the repository; foreign layers are left out, since they live elsewhere. */
  readonly blobs: readonly Digest[];
  /** Manifests that must be in the repository. */
  readonly children: readonly Digest[];
  readonly subject?: Digest;
  readonly body: ManifestBody;
};

/**
 * Reads a manifest that a client wants to store. `contentType` is its header, which must not contradict the body.
 * Spec: OCI distribution 1.1, "Pushing Manifests". @throws {SpecError} 400 MANIFEST_INVALID
 */
export function checkManifest(bytes: Uint8Array, contentType: string | undefined): CheckedManifest {
  const body = parseBody(bytes);
  const isIndex = body.manifests.length > 0;
  const isImage = body.layers.length > 0 || (body.config ?? undefined) !== undefined;
  if (isIndex && isImage) throw invalid('it is both an index and an image');
  const mediaType = chooseMediaType(body, stripParameters(contentType ?? ''));
  if (!MEDIA_TYPE_NAME.test(mediaType)) throw invalid('its media type is none');
  return {
    mediaType,
    blobs: blobsOf(body),
    children: body.manifests
      .filter((child) => manifestKind(child.mediaType) !== undefined)
      .map((child) => child.digest),
    ...(body.subject && { subject: body.subject.digest }),
    body,
  };
}

/** The manifest as the store takes it. */
export function toNewManifest(bytes: Uint8Array, digest: Digest, checked: CheckedManifest): NewManifest {
  const { mediaType, subject, body } = checked;
  const needs = { blobs: checked.blobs, manifests: checked.children };
  if (subject === undefined) return { bytes, digest, mediaType, needs };
  // Spec: OCI distribution 1.1, "Listing Referrers": an image whose artifactType is missing or empty lists its config's
  // media type, an index none.
  const isNamed = body.artifactType !== undefined && body.artifactType !== '';
  const artifactType = isNamed ? body.artifactType : body.config?.mediaType;
  const descriptor = {
    mediaType,
    digest,
    size: bytes.byteLength,
    ...(artifactType !== undefined && { artifactType }),
    ...(body.annotations && { annotations: body.annotations }),
  };
  return { bytes, digest, mediaType, needs, refersTo: { subject, descriptor } };
}

function parseBody(bytes: Uint8Array): ManifestBody {
  const parsed = manifestSchema.safeParse(parseManifestJson(bytes));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw invalid(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'wrong shape'}`);
}

/** Nested too deep (M07) or with a key twice (M05): readers would differ on what it says. */
function parseManifestJson(bytes: Uint8Array): unknown {
  try {
    return parseJson(bytes, { onKey: createKeyCheck(), keyDepth: MANIFEST_KEY_DEPTH });
  } catch (error) {
    if (error instanceof OciError) throw invalid(error.message);
    throw error;
  }
}

function chooseMediaType(body: ManifestBody, header: string): string {
  if (header !== '') {
    if (body.mediaType !== undefined && body.mediaType !== header)
      throw invalid('its mediaType is not its Content-Type');
    return header;
  }
  if (body.mediaType !== undefined) return body.mediaType;
  if (body.manifests.length > 0) return MEDIA_TYPE.ociIndex;
  if (body.config) return MEDIA_TYPE.ociManifest;
  throw invalid('neither Content-Type nor mediaType says what it is');
}

function blobsOf(body: ManifestBody): Digest[] {
  const layers = [...body.layers, ...body.blobs].filter((layer) => !isForeign(layer)).map((layer) => layer.digest);
  const legacy = (body.fsLayers ?? []).map((layer) => layer.blobSum);
  return [...new Set([...(body.config ? [body.config.digest] : []), ...layers, ...legacy])];
}

const isForeign = ({ mediaType, urls }: Reference) => (urls ?? []).length > 0 || isForeignLayer(mediaType);

const invalid = (why: string) =>
  new SpecError(400, 'MANIFEST_INVALID', 'manifest invalid', { detail: why.slice(0, 500) });
