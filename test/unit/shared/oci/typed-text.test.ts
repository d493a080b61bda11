import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stripParameters } from '#shared/oci/media-type.ts';
import { parsePasted } from '#shared/oci/pasted-reference.ts';
import { formatReference } from '#shared/oci/reference.ts';
import { canonicalRegistryHost, parseRegistryHost } from '#shared/oci/registry-host.ts';
import { effectiveMediaType } from '#shared/oci/sniff-manifest.ts';
import { attempt } from '#test/support/attempt.ts';

const pieces = [
  'docker pull ',
  'https://',
  'oci://',
  'docker.io',
  'ghcr.io',
  '[::1]',
  ':',
  '/',
  '@',
  '.',
  '-',
  '_',
  ' ',
  '\n',
  '$(x)',
  ';',
  'app',
  '5000',
  '/v2/',
  '/manifests/',
  `sha256:${'a'.repeat(64)}`,
];
const typed = fc
  .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...pieces) }, fc.string({ maxLength: 4 })), { maxLength: 8 })
  .map((parts) => parts.join(''));

describe('whatever a person types or pastes', () => {
  it('as a registry is a host that reads the same again, or an OciError', () => {
    fc.assert(
      fc.property(typed, (text) => {
        const host = attempt(() => parseRegistryHost(text)).value?.host ?? 'docker.io';
        expect(host).toMatch(/^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/);
        expect(canonicalRegistryHost(host)).toBe(host);
      }),
      { numRuns: 5000 },
    );
  });

  it('as a reference holds nothing that a shell acts on, or is an OciError (N05)', () => {
    fc.assert(
      fc.property(typed, (text) => {
        const reference = attempt(() => parsePasted(text)).value;
        const written = reference === undefined ? 'app' : formatReference(reference);
        expect(written).toMatch(/^[A-Za-z0-9._:/@[\]-]+$/);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('media types', () => {
  it('without parameters are bare, lower case, and stay so', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const bare = stripParameters(text);
        expect(bare).not.toContain(';');
        expect(stripParameters(bare)).toBe(bare);
      }),
    );
  });

  it('of any manifest and header are one text of bounded length', () => {
    const root = fc.dictionary(
      fc.constantFrom('mediaType', 'schemaVersion', 'config', 'manifests', 'signatures'),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.constantFrom('', 'text/html', 'application/json', 'A/B; c=d'), root, (contentType, document) => {
        const type = effectiveMediaType(contentType, () => document);
        expect(type.length).toBeLessThanOrEqual(255);
        expect(type).toBe(stripParameters(type));
      }),
      { numRuns: 1000 },
    );
  });
});
