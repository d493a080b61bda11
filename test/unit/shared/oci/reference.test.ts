import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDigest } from '#shared/oci/digest.ts';
import { OciError } from '#shared/oci/oci-error.ts';
import {
  formatReference,
  isRepositoryName,
  isTag,
  parseReference,
  type Reference,
  type ReferenceOptions,
} from '#shared/oci/reference.ts';
import { attempt } from '#test/support/attempt.ts';
import { hasVectors, loadVectors } from '#test/support/vectors.ts';

const HEX = 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9';

type ReferenceVector = {
  readonly id: string;
  readonly input: string;
  readonly options?: ReferenceOptions;
  readonly expect: {
    readonly ok: boolean;
    readonly registry: string | null;
    readonly repository: string | null;
    readonly tag: string | null;
    readonly digest: string | null;
  };
};

/** What a vector file says of a text: refused, or its four parts with null for what is absent. */
function outcome(text: string, options?: ReferenceOptions): ReferenceVector['expect'] {
  const parsed = attempt(() => parseReference(text, options));
  if (!parsed.ok) return { ok: false, registry: null, repository: null, tag: null, digest: null };
  const { registry, repository, tag, digest } = parsed.value;
  return { ok: true, registry, repository, tag: tag ?? null, digest: digest ?? null };
}

describe('vectors of references', () => {
  const vectors = ['references-basic', 'references-options'].flatMap((file) => loadVectors<ReferenceVector>(file));

  it.skipIf(!hasVectors)('lie beside the project', () => {
    expect(vectors).not.toEqual([]);
  });

  it.each(vectors)('$id', (vector) => {
    expect(outcome(vector.input, vector.options)).toEqual(vector.expect);
  });
});

const part = fc.stringMatching(/^[a-z0-9]{1,8}(?:(?:\.|_|__|-{1,3})[a-z0-9]{1,8}){0,2}$/);
const registry = fc.constantFrom('docker.io', 'ghcr.io', 'localhost', 'localhost:5000', '127.0.0.1:5000', '[::1]:5000');
const reference: fc.Arbitrary<Reference> = fc.record(
  {
    registry,
    repository: fc.array(part, { minLength: 2, maxLength: 4 }).map((path) => path.join('/')),
    tag: fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/),
    digest: fc.stringMatching(/^sha256:[0-9a-f]{64}$/).map(parseDigest),
  },
  { requiredKeys: ['registry', 'repository'] },
);

describe('parseReference', () => {
  it('reads back every reference that formatReference writes', () => {
    fc.assert(
      fc.property(reference, (given) => {
        expect(parseReference(formatReference(given), { defaultTag: null })).toEqual(given);
      }),
    );
  });

  it('answers any text with a reference of sound parts or an OciError', () => {
    const units = fc.string({ unit: fc.constantFrom(...'aZ0.:/@[]_-$ \n'.split(''), 'sha256:', HEX), maxLength: 20 });
    fc.assert(
      fc.property(fc.oneof(fc.string(), units), (text) => {
        const parsed = attempt(() => parseReference(text));
        const isSound =
          !parsed.ok ||
          (isRepositoryName(parsed.value.repository) &&
            isTag(parsed.value.tag ?? 'none') &&
            /^[a-z0-9.:[\]-]+$/.test(parsed.value.registry));
        expect(isSound).toBe(true);
      }),
    );
  });

  it.each([
    'docker.io',
    'index.docker.io',
    'registry-1.docker.io',
    'registry.hub.docker.com',
    'Docker.IO',
    'docker.io:443',
  ])('knows %s as Docker Hub', (host) => {
    expect(formatReference(parseReference(`${host}/nginx`))).toBe('docker.io/library/nginx:latest');
  });

  it('fills in no tag when the default is null', () => {
    expect(parseReference('nginx', { defaultTag: null })).toEqual({
      registry: 'docker.io',
      repository: 'library/nginx',
    });
  });

  it('takes the first part as the registry when one is required', () => {
    expect(parseReference('registry/team/app', { requireRegistry: true }).registry).toBe('registry');
    expect(() => parseReference('app', { requireRegistry: true })).toThrow('no registry');
  });

  it.each(['../../admin', 'a?x', '%2e%2e', 'a'.repeat(10_240), `reg.example/${'a/'.repeat(127)}abc`])(
    'refuses the repository of N01: %.20s',
    (text) => {
      expect(() => parseReference(text)).toThrow(OciError);
    },
  );

  it('refuses a port above 65535 (N04)', () => {
    expect(() => parseReference('reg.example:99999/app')).toThrow('port is not between 1 and 65535');
  });
});
