import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeDocument } from '#main/core/documents/decode-document.ts';
import { decodeInWorker } from '#main/core/documents/decode-in-worker.ts';
import { readExtensions } from '#main/core/documents/der.ts';
import { spdxDocument } from '#main/core/local-registry/samples/statements.ts';
import { documentViewSchema, sbomPackageSchema } from '#shared/api/documents.ts';
import { decode, of, SOURCE } from '#test/support/documents.ts';

describe('what is no document', () => {
  it.each([
    ['not JSON', 'no', 'not-json'],
    ['a value', '5', 'bad-shape'],
    ['a list', '[]', 'bad-shape'],
    ['any object', '{"a":1}', 'unknown-format'],
    ['SPDX 3', '{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[]}', 'unknown-format'],
    ['nested too deep', '['.repeat(100) + ']'.repeat(100), 'too-deep'],
    ['with a byte order mark', '\uFEFF{}', 'not-json'],
  ])('is told: %s', (_name, text, reason) => {
    expect(decodeDocument(Buffer.from(text), SOURCE).view).toEqual({ kind: 'other', reason });
  });

  it('takes no field from a prototype, and keeps names that objects would not', () => {
    const text = '{"_type":"https://in-toto.io/Statement/v1","predicate":{"__proto__":"p","constructor":"c"}}';
    const view = of('statement', decodeDocument(Buffer.from(text), SOURCE).view);
    expect(view.fields).toEqual([
      ['__proto__', 'p'],
      ['constructor', 'c'],
    ]);
    expect(view).not.toHaveProperty('predicateType');
  });

  it('and anything else gives a view that fits the contract, and bounded texts', () => {
    const names = [
      '_type',
      'subject',
      'predicateType',
      'predicate',
      'spdxVersion',
      'packages',
      'name',
      'bomFormat',
      'components',
      'payload',
      'payloadType',
      'signatures',
      'mediaType',
      'verificationMaterial',
      'critical',
      'optional',
      'licenses',
      'externalRefs',
      'metadata',
      'tools',
      'materials',
      'digest',
      'uri',
      'builder',
      'id',
      'Data',
      '__proto__',
    ];
    const words = [
      'https://in-toto.io/Statement/v1',
      'https://slsa.dev/provenance/v1',
      'https://slsa.dev/provenance/v0.2',
      'SPDX-2.3',
      'CycloneDX',
      'application/vnd.dev.sigstore.bundle.v0.3+json',
      'e30=',
      'x'.repeat(9000),
    ];
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom<unknown>(...words, null, 1, true),
        fc.dictionary(fc.constantFrom(...names), tie('tree'), { maxKeys: 8 }),
        fc.array(tie('tree'), { maxLength: 4 }),
      ),
    }));
    const root = fc.dictionary(fc.constantFrom(...names), tree, { minKeys: 2, maxKeys: 10 });
    fc.assert(
      fc.property(root, (value) => {
        const { view, packages } = decode(value);
        expect(documentViewSchema.safeParse(view).error).toBeUndefined();
        expect(sbomPackageSchema.array().safeParse(packages).error).toBeUndefined();
        expect(packages.every(({ name }) => name.length <= 4097)).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });

  it('is bytes of any kind to the reader of certificates', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(readExtensions(bytes)).toBeInstanceOf(Map);
      }),
    );
  });
});

describe('decodeInWorker', () => {
  const large = () =>
    Buffer.from(
      JSON.stringify({
        ...spdxDocument('big', '2026'),
        packages: Array.from({ length: 30_000 }, (_, index) => ({ name: `p${index}` })),
      }),
    );

  it('gives for a large document what is given at once for a small one', async () => {
    const bytes = large();
    expect(await decodeInWorker(bytes, SOURCE)).toEqual(decodeDocument(bytes, SOURCE));
  });

  it('ends at once when it is told to', async () => {
    const controller = new AbortController();
    const decoding = decodeInWorker(large(), SOURCE, controller.signal);
    controller.abort();
    await expect(decoding).rejects.toThrow(/abort/i);
  });
});
