import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatChallenge, parseChallenges, shownLine } from '#main/core/registry/transport/challenge.ts';
import { hasVectors, loadVectors } from '#test/support/vectors.ts';

type WireChallenge = { readonly scheme: string; readonly params: Readonly<Record<string, string>> };
type ParseVector = {
  readonly id: string;
  readonly kind: 'parse';
  readonly headers: readonly string[];
  readonly malformed?: boolean;
  readonly lenient?: boolean;
  readonly expect: {
    readonly ok: boolean;
    readonly challenges: readonly WireChallenge[] | null;
    readonly partial?: readonly WireChallenge[];
  };
  readonly alsoAccept?: readonly WireChallenge[];
};

const parse = (...lines: readonly string[]) => {
  const { challenges, malformed } = parseChallenges(lines);
  return {
    malformed,
    challenges: challenges.map(({ scheme, params }) => ({ scheme, params: Object.fromEntries(params) })),
  };
};

const vectors = loadVectors<ParseVector>('challenges', (vector) => vector.kind === 'parse');

const BARE_WORD = 'og-param-name-only';

describe.skipIf(!hasVectors)('parseChallenges on the shared vectors', () => {
  it.each(vectors.filter((vector) => vector.malformed !== true && vector.lenient !== true))('$id', (vector) => {
    expect(parse(...vector.headers)).toEqual({ malformed: [], challenges: vector.expect.challenges });
  });

  it.each(vectors.filter((vector) => vector.malformed === true && vector.id !== BARE_WORD))(
    '$id is malformed, and what came before the fault is kept',
    ({ headers, expect: { partial } }) => {
      const { malformed, challenges } = parse(...headers);
      expect(malformed).toEqual(headers);
      expect(challenges).toEqual(partial ?? challenges);
    },
  );

  // RFC 9110 lets a challenge be a scheme alone, so that a name without a value is the next challenge: regclient's
  // reading too. oras-go ends there.
  it.each(vectors.filter(({ id }) => id === BARE_WORD))('$id is two challenges', ({ headers, alsoAccept }) => {
    expect(parse(...headers)).toEqual({ malformed: [], challenges: alsoAccept });
  });

  // A value that should have been quoted has one reading only, and registries have sent such scopes.
  it.each(vectors.filter(({ id }) => id === 'r-unquoted-slash'))('$id is read', ({ headers, expect: expected }) => {
    expect(parse(...headers)).toEqual({ malformed: [], challenges: expected.challenges });
  });

  // No registry is known to quote a scheme or a name; whoever does may mean anything.
  it.each(vectors.filter(({ id }) => id === 'r-quoted-scheme-and-key'))('$id is refused', ({ headers }) => {
    expect(parse(...headers)).toEqual({ malformed: headers, challenges: [] });
  });

  it('leaves no vector out', () => {
    expect(vectors.filter(({ lenient }) => lenient === true).map(({ id }) => id)).toEqual([
      'r-unquoted-slash',
      'r-quoted-scheme-and-key',
    ]);
    expect(vectors.map(({ id }) => id)).toContain(BARE_WORD);
  });
});

describe('parseChallenges', () => {
  it('reads Bearer and Basic from one comma-joined line, as codeberg.org sends them', () => {
    expect(parse('Bearer realm="https://codeberg.org/v2/token",service="x",scope="*",Basic realm="y"')).toEqual({
      malformed: [],
      challenges: [
        { scheme: 'bearer', params: { realm: 'https://codeberg.org/v2/token', service: 'x', scope: '*' } },
        { scheme: 'basic', params: { realm: 'y' } },
      ],
    });
  });

  it('reads a token68 and the challenge after it', () => {
    expect(parse('Negotiate YII+a/b==, Basic realm="r"')).toEqual({
      malformed: [],
      challenges: [
        { scheme: 'negotiate', params: {} },
        { scheme: 'basic', params: { realm: 'r' } },
      ],
    });
  });

  it('reads addresses and scopes that stand without their quotes', () => {
    expect(
      parse('Bearer realm=https://a.test:5001/token?x=1&y=,service=s,scope=repository:a/b:pull, Basic realm=r'),
    ).toEqual({
      malformed: [],
      challenges: [
        {
          scheme: 'bearer',
          params: { realm: 'https://a.test:5001/token?x=1&y=', service: 's', scope: 'repository:a/b:pull' },
        },
        { scheme: 'basic', params: { realm: 'r' } },
      ],
    });
  });

  it.each(['YII', 'YII=', 'YII==', 'a+/b~._-=='])('takes %s after a scheme for a token68', (token) => {
    expect(parse(`Negotiate ${token}, Basic realm="r"`)).toEqual({
      malformed: [],
      challenges: [
        { scheme: 'negotiate', params: {} },
        { scheme: 'basic', params: { realm: 'r' } },
      ],
    });
  });

  it('keeps the first of two equal parameters (A14)', () => {
    expect(parse('Bearer realm="a",realm="b"').challenges).toEqual([{ scheme: 'bearer', params: { realm: 'a' } }]);
  });

  it('keeps what came before an unterminated quote, and other lines whole (A14)', () => {
    expect(parse('Bearer realm="a', 'Basic realm="b"')).toEqual({
      malformed: ['Bearer realm="a'],
      challenges: [{ scheme: 'basic', params: { realm: 'b' } }],
    });
  });

  it('is bounded with 1,000 challenges and a megabyte of quotes (A14)', () => {
    expect(parse(Array.from({ length: 1000 }, (_, index) => `x${index} a=b`).join(', ')).challenges.length).toBe(50);
    expect(parse(`Bearer realm="${'\\"'.repeat(500_000)}`).challenges).toEqual([]);
  });

  it('never takes a parameter name for something on the prototype', () => {
    const [challenge] = parseChallenges(['Bearer __proto__="x",realm="y"']).challenges;
    expect(challenge?.params.get('__proto__')).toBe('x');
    expect(challenge?.params.get('constructor')).toBeUndefined();
  });

  it('reads back any challenge that is written by the rules', () => {
    const token = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
    const value = fc.string({ unit: 'grapheme-ascii', maxLength: 20 }).map((text) => text.replaceAll(/[^ -~]/g, ''));
    const challenge = fc.record({ scheme: token, params: fc.dictionary(token, value, { minKeys: 1, maxKeys: 4 }) });
    const write = ({ scheme, params }: WireChallenge) =>
      `${scheme} ${Object.entries(params)
        .map(([name, text]) => `${name}="${text.replaceAll(/["\\]/g, '\\$&')}"`)
        .join(' , ')}`;
    fc.assert(
      fc.property(fc.array(challenge, { maxLength: 4 }), (challenges) => {
        expect(parse(challenges.map(write).join(', '))).toEqual({ malformed: [], challenges: challenges.map(plain) });
      }),
    );
  });

  it('never throws, and bounds what it keeps, on arbitrary lines', () => {
    const soup = fc.string({ unit: fc.constantFrom(...Array.from('ab="\\, \t=~;<>\u0000é')), maxLength: 200 });
    fc.assert(
      fc.property(fc.array(soup, { maxLength: 5 }), (lines) => {
        expect(parseChallenges(lines).challenges.length).toBeLessThanOrEqual(50);
      }),
    );
  });
});

describe('parseChallenges on what others write', () => {
  it('reads as many challenges from lines as from one line that joins them', () => {
    const challenge = fc.constantFrom(
      'Basic realm="a, b"',
      'Bearer realm="/t",service=s',
      'Negotiate',
      'Negotiate YII=',
    );
    fc.assert(
      fc.property(fc.array(challenge, { maxLength: 6 }), (challenges) => {
        expect(parse(challenges.join(', ')).challenges).toEqual(parse(...challenges).challenges);
      }),
    );
  });

  it('keeps what came before a fault as it was', () => {
    const soup = fc.string({ unit: fc.constantFrom(...Array.from('ab="\\, \t=~;')), maxLength: 60 });
    fc.assert(
      fc.property(soup, (rest) => {
        const [first] = parse(`Bearer realm="/t",service="s", ${rest}`).challenges;
        expect(first).toMatchObject({ scheme: 'bearer', params: { realm: '/t', service: 's' } });
      }),
    );
  });
});

describe('shownLine', () => {
  it('hides secrets, user names in addresses and the values of their queries', () => {
    const line = 'Bearer realm="https://u:p@auth.test/t?sig=abc&x=1",hint="canary"';
    expect(shownLine(line, ['canary'])).toBe(
      'Bearer realm="https://REDACTED@auth.test/t?sig=REDACTED&x=REDACTED",hint="REDACTED"',
    );
  });

  it('is short and quick for whatever a server sends', () => {
    for (const part of ['//', '?a=', '&', '//a@', '"']) {
      expect(shownLine(part.repeat(20_000), []).length).toBeLessThanOrEqual(300);
    }
  });
});

describe('formatChallenge', () => {
  it('writes a challenge on one line', () => {
    const [challenge] = parseChallenges(['bearer realm="https://a/token",service=b']).challenges;
    expect(formatChallenge(challenge!)).toBe('Bearer realm="https://a/token", service="b"');
  });

  it('hides what an address holds besides its host and path, quotes in it or not', () => {
    const header = String.raw`Bearer realm="https://u:canary@a/t?sig=can\"ary&service=s#canary",service="/x?canary"`;
    expect(formatChallenge(parseChallenges([header]).challenges[0]!)).toBe(
      'Bearer realm="https://REDACTED@a/t?sig=REDACTED&service=s#REDACTED", service="/x?REDACTED"',
    );
  });
});

/** A dictionary made by fast-check may have a null prototype. */
function plain({ scheme, params }: WireChallenge): WireChallenge {
  return { scheme, params: { ...params } };
}
