import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldAttestations } from '#shared/oci/attestation.ts';
import { descriptorSchema } from '#shared/oci/descriptor.ts';
import { imageConfigSchema } from '#shared/oci/image-config.ts';
import { type Manifest, parseManifest } from '#shared/oci/manifest.ts';
import { ACCEPTED_MANIFEST_TYPES, MEDIA_TYPE } from '#shared/oci/media-type.ts';
import { parseImageConfig } from '#shared/oci/parse-image-config.ts';
import { attempt } from '#test/support/attempt.ts';
import { buildConfig, buildImage, bytesOf } from '#test/support/oci-builder.ts';

const image = buildImage();
const valid = image.descriptor;
const scalar = fc.oneof(fc.constantFrom(null, '', 'x', 0, -1, 1.5, true), fc.string(), fc.integer());
const text = fc.oneof({ arbitrary: fc.string(), weight: 40 }, scalar);
const texts = fc.array(text, { maxLength: 3 });
const pairs = fc.dictionary(fc.constantFrom('a', '__proto__', 'vnd.docker.reference.type'), text);

/** Objects with the keys a document is read by, some missing, and now and then a value of another type. */
function objectOf(keys: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<unknown> {
  const loose = Object.entries(keys).map(([key, value]) => [key, fc.oneof({ arbitrary: value, weight: 40 }, scalar)]);
  return fc.record(Object.fromEntries(loose) as Record<string, fc.Arbitrary<unknown>>, { requiredKeys: [] });
}

const platform = objectOf({ os: fc.constant('linux'), architecture: fc.string(), 'os.features': texts });
const descriptor = fc.oneof(
  { arbitrary: fc.constant(valid), weight: 5 },
  objectOf({
    mediaType: fc.constantFrom(...ACCEPTED_MANIFEST_TYPES, MEDIA_TYPE.ociConfig),
    digest: fc.constant(valid.digest),
    size: fc.nat(),
    platform,
    annotations: pairs,
    urls: texts,
  }),
);
const descriptors = fc.array(descriptor, { maxLength: 3 });
const layers = fc.array(fc.oneof(fc.constant(image.layers[0]?.descriptor), descriptor), { maxLength: 3 });
const common = { schemaVersion: fc.constantFrom(1, 2), subject: descriptor, annotations: pairs };
const stray = fc.oneof({ arbitrary: fc.constant(undefined), weight: 10 }, descriptors);

/** A Content-Type and a document that mostly fits it. */
const manifest = fc.oneof(
  fc.tuple(
    fc.constantFrom('', MEDIA_TYPE.ociIndex, MEDIA_TYPE.dockerList),
    objectOf({ ...common, manifests: descriptors, layers: stray }),
  ),
  fc.tuple(
    fc.constantFrom('', MEDIA_TYPE.ociManifest, MEDIA_TYPE.dockerManifest),
    objectOf({ ...common, config: fc.constant(image.config.descriptor), layers, manifests: stray }),
  ),
  fc.tuple(fc.constant(MEDIA_TYPE.ociArtifactManifest), objectOf({ ...common, blobs: descriptors, config: stray })),
);
const config = objectOf({
  os: fc.string(),
  architecture: fc.string(),
  config: objectOf({ Env: texts, Cmd: texts, Labels: pairs, ExposedPorts: pairs }),
  rootfs: objectOf({ diff_ids: fc.array(fc.constantFrom(valid.digest, 'x')) }),
  history: fc.array(objectOf({ created_by: fc.string(), empty_layer: fc.boolean() })),
});

function descriptorsOf(parsed: Manifest): readonly unknown[] {
  if (parsed.kind === 'index') return parsed.manifests;
  if (parsed.kind === 'image') return [parsed.config, ...parsed.layers];
  return parsed.kind === 'artifact' ? parsed.blobs : [];
}

/** The same bytes with one of them changed. */
function changed(bytes: Uint8Array, at: number, to: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at % copy.length] = to;
  return copy;
}

describe('parseManifest', () => {
  it('answers any document with sound descriptors or an OciError', () => {
    fc.assert(
      fc.property(manifest, ([contentType, document]) => {
        const { value } = attempt(() => parseManifest(bytesOf(document ?? 'null'), contentType));
        const descriptors = value === undefined ? [] : descriptorsOf(value);
        expect(descriptors.map((each) => descriptorSchema.parse(each))).toEqual(descriptors);
      }),
      { numRuns: 500 },
    );
  });

  it('answers a sound manifest with any one byte changed', () => {
    const { bytes } = image;
    fc.assert(
      fc.property(fc.nat(), fc.nat(255), (at, to) => {
        const result = attempt(() => parseManifest(changed(bytes, at, to), MEDIA_TYPE.ociManifest));
        expect(result.ok || result.error.name === 'OciError').toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('parseImageConfig', () => {
  it('answers any document with a config of its schema or an OciError', () => {
    fc.assert(
      fc.property(config, (document) => {
        const { value } = attempt(() => parseImageConfig(bytesOf(document ?? 'null')));
        expect(value === undefined ? value : imageConfigSchema.parse(value)).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  it('answers a sound config with any one byte changed', () => {
    const { bytes } = buildConfig([]);
    fc.assert(
      fc.property(fc.nat(), fc.nat(255), (at, to) => {
        const result = attempt(() => parseImageConfig(changed(bytes, at, to)));
        expect(result.ok || result.error.name === 'OciError').toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('foldAttestations', () => {
  it('shows every entry of an index once, as a child or under one', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5), { maxLength: 8 }), (subjects) => {
        const images = [0, 1, 2].map((index) => buildImage({ config: { author: `${index}` } }).descriptor);
        const attestations = subjects.map((subject, index) => ({
          ...buildImage({ config: { author: `a${index}` } }).descriptor,
          platform: { os: 'unknown', architecture: 'unknown' },
          annotations: {
            'vnd.docker.reference.type': 'attestation-manifest',
            'vnd.docker.reference.digest': images[subject]?.digest ?? `sha256:${'0'.repeat(64)}`,
          },
        }));
        const index = parseManifest(bytesOf({ manifests: [...attestations, ...images] }), MEDIA_TYPE.ociIndex);
        const entries = index.kind === 'index' ? index.manifests : [];
        const shown = foldAttestations(entries).flatMap((child) => child.attestations.concat(child.descriptor));
        expect(shown.map(({ digest }) => digest).sort()).toEqual(entries.map(({ digest }) => digest).sort());
      }),
    );
  });
});
