import { describe, expect, it } from 'vitest';
import { chooseScheme, type Means, selectChallenge } from '#main/core/registry/auth/schemes.ts';
import { classifyAddress } from '#main/core/registry/transport/address-policy.ts';
import { parseChallenges } from '#main/core/registry/transport/challenge.ts';
import { RegistryError } from '#main/core/registry/transport/registry-error.ts';
import { hasVectors, loadVectors } from '#test/support/vectors.ts';

type SelectVector = {
  readonly id: string;
  readonly kind: string;
  readonly status?: number;
  readonly headers: readonly string[];
  readonly expect: { readonly selected?: string | null; readonly params?: Readonly<Record<string, string>> };
};

// Those with another status are about the whole exchange: see `a first answer` in the hostile challenges.
const vectors = loadVectors<SelectVector>(
  'challenges',
  ({ kind, status }) => kind === 'select' && (status === undefined || status === 401),
);

describe.skipIf(!hasVectors)('selectChallenge on the shared vectors', () => {
  it.each(vectors)('$id', ({ headers, expect: { selected, params } }) => {
    const chosen = selectChallenge(parseChallenges(headers).challenges, 'password');
    const found = { selected: chosen?.scheme ?? null, params: Object.fromEntries(chosen?.params ?? []) };
    expect(found).toEqual({ selected, params: params ?? found.params });
  });
});

const trace = { method: 'GET', url: 'https://registry.test/v2/', hop: 'registry' } as const;

function choose(header: string | readonly string[], means: Means): string {
  const context = { asker: new URL('https://registry.test'), trace, classify: classifyAddress, secrets: ['canary'] };
  try {
    const scheme = chooseScheme({ 'www-authenticate': header }, means, context);
    return scheme?.kind === 'bearer' ? `bearer at ${scheme.realm.href}` : (scheme?.kind ?? 'none');
  } catch (error) {
    if (error instanceof RegistryError) return error.message;
    throw error;
  }
}

const BOTH = 'Basic realm="r", Bearer realm="/t"';

describe('chooseScheme', () => {
  it.each([
    ['password', BOTH, 'basic'],
    ['password', 'Bearer realm="/t", Basic realm="r"', 'bearer at https://registry.test/t'],
    ['nothing', BOTH, 'bearer at https://registry.test/t'],
    ['identity', BOTH, 'bearer at https://registry.test/t'],
    ['nothing', 'Basic realm="r"', 'none'],
  ] as const)('with %s answers %s by %s', (means, header, expected) => {
    expect(choose(header, means)).toBe(expected);
  });

  it('says that an identity token cannot answer Basic', () => {
    expect(choose('Basic realm="r"', 'identity')).toMatch(/^unsupported: an identity token cannot answer Basic/);
  });

  it('names the schemes that nobody speaks, as they came', () => {
    expect(choose(['Negotiate', 'Digest realm="canary"'], 'password')).toMatch(
      /^unsupported: Negotiate; Digest realm="REDACTED"/,
    );
  });

  it('shows a header that cannot be read as it came, without our secrets', () => {
    expect(choose('="canary" nonsense', 'password')).toMatch(
      /^protocol\/challenge: unreadable WWW-Authenticate: ="REDACTED" nonsense/,
    );
    expect(choose('Bearer realm="/t', 'nothing')).toMatch(/unreadable WWW-Authenticate: Bearer realm="\/t \(/);
    expect(choose('Bearer service="x"', 'nothing')).toMatch(/names no realm; WWW-Authenticate: Bearer service="x" \(/);
  });
});
