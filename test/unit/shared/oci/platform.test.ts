import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OciError } from '#shared/oci/oci-error.ts';
import { formatPlatform, normalisePlatform, parsePlatform, type Platform } from '#shared/oci/platform.ts';
import { choosePlatform, equalPlatforms, rankPlatforms, satisfiesPlatform } from '#shared/oci/platform-match.ts';
import { attempt } from '#test/support/attempt.ts';
import { hasVectors, loadVectors } from '#test/support/vectors.ts';

type Partly = Partial<Platform>;
type VectorOf<Kind, Rest> = { readonly id: string; readonly kind: Kind } & Rest;
type PlatformVector =
  | VectorOf<'format', { readonly platform: Partly; readonly expect: string }>
  | VectorOf<'parse', { readonly input: string; readonly expect: { readonly ok: boolean; readonly platform: Partly } }>
  | VectorOf<'equal', { readonly a: Partly; readonly b: Partly; readonly expect: boolean }>
  | VectorOf<'satisfies', { readonly have: Partly; readonly want: Partly; readonly expect: boolean }>;

const whole = (partly: Partly): Platform => ({ os: '', architecture: '', osFeatures: [], features: [], ...partly });

function outcome(vector: PlatformVector): unknown {
  if (vector.kind === 'format') return formatPlatform(whole(vector.platform));
  if (vector.kind === 'parse') return attempt(() => parsePlatform(vector.input)).value;
  if (vector.kind === 'equal') return equalPlatforms(whole(vector.a), whole(vector.b));
  return satisfiesPlatform(whole(vector.have), whole(vector.want));
}

function expected(vector: PlatformVector): unknown {
  if (vector.kind !== 'parse') return vector.expect;
  return vector.expect.ok ? whole(vector.expect.platform) : undefined;
}

describe('vectors of platforms', () => {
  const vectors = loadVectors<PlatformVector>('platforms');

  it.skipIf(!hasVectors)('lie beside the project', () => {
    expect(vectors).not.toEqual([]);
  });

  it.each(vectors)('$id', (vector) => {
    expect(outcome(vector)).toEqual(expected(vector));
  });
});

const word = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,12}$/);
const platform = fc
  .record({ os: word, architecture: word, variant: word, osVersion: word }, { requiredKeys: ['os', 'architecture'] })
  .map((parts) => whole(parts));

describe('parsePlatform', () => {
  it('reads back what formatPlatform writes', () => {
    fc.assert(
      fc.property(platform, (given) => {
        expect(parsePlatform(formatPlatform(given))).toEqual(given);
      }),
    );
  });

  it('answers any text with its platform or an OciError', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '/', ':', '.', ' ', '\n') }), (text) => {
        const parsed = attempt(() => parsePlatform(text));
        expect(parsed.ok ? formatPlatform(parsed.value) : text).toBe(text);
      }),
    );
  });

  it.each(['linux/', '/amd64', 'linux//v7', 'linux/amd64:', ':1.2', 'linux/am d64'])('refuses %s', (text) => {
    expect(() => parsePlatform(text)).toThrow(OciError);
  });
});

describe('normalisePlatform', () => {
  it.each([
    ['linux/aarch64', 'linux/arm64'],
    ['linux/arm64/v8', 'linux/arm64'],
    ['linux/arm64/8', 'linux/arm64'],
    ['linux/arm64/v9', 'linux/arm64/v9'],
    ['Linux/x86_64', 'linux/amd64'],
    ['linux/amd64/v1', 'linux/amd64'],
    ['linux/amd64/v3', 'linux/amd64/v3'],
    ['linux/armhf', 'linux/arm/v7'],
    ['linux/armel', 'linux/arm/v6'],
    ['linux/arm', 'linux/arm/v7'],
    ['linux/arm/6', 'linux/arm/v6'],
    ['linux/i386', 'linux/386'],
    ['macos/arm64', 'darwin/arm64'],
    ['windows/amd64:10.0.20348.1', 'windows/amd64:10.0.20348.1'],
  ])('writes %s as %s', (text, expected) => {
    expect(formatPlatform(normalisePlatform(parsePlatform(text)))).toBe(expected);
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(platform, (given) => {
        const once = normalisePlatform(given);
        expect(normalisePlatform(once)).toEqual(once);
      }),
    );
  });
});

describe('choosePlatform', () => {
  const choose = (host: string, ...texts: readonly (string | undefined)[]): string | undefined => {
    const children = texts.map((text) => ({ text, platform: text === undefined ? text : parsePlatform(text) }));
    return choosePlatform(children, parsePlatform(host))?.text;
  };

  it('takes linux with the architecture of the host first', () => {
    expect(choose('linux/arm64', 'linux/amd64', 'windows/arm64', 'linux/arm64/v8')).toBe('linux/arm64/v8');
  });

  it('takes linux for a host that is not linux', () => {
    expect(choose('darwin/arm64', 'darwin/arm64', 'linux/amd64', 'linux/arm64')).toBe('linux/arm64');
  });

  it('follows aliases', () => {
    expect(choose('linux/x86_64', 'linux/arm64', 'linux/amd64')).toBe('linux/amd64');
  });

  it('takes the highest variant that the host can run', () => {
    expect(choose('linux/arm/v7', 'linux/arm/v5', 'linux/arm/v6', 'linux/arm/v8')).toBe('linux/arm/v6');
    expect(choose('linux/amd64', 'linux/amd64/v3', 'linux/amd64/v1')).toBe('linux/amd64/v1');
  });

  it('falls back to linux/amd64, any linux, windows, the first', () => {
    expect(choose('linux/s390x', 'linux/arm64', 'windows/amd64', 'linux/amd64')).toBe('linux/amd64');
    expect(choose('linux/s390x', 'windows/amd64', 'linux/arm64')).toBe('linux/arm64');
    expect(choose('linux/s390x', 'darwin/amd64', 'windows/amd64')).toBe('windows/amd64');
    expect(choose('linux/s390x', undefined, 'darwin/amd64')).toBeUndefined();
  });

  it('chooses nothing from nothing', () => {
    expect(choosePlatform([], parsePlatform('linux/amd64'))).toBeUndefined();
  });
});

describe('rankPlatforms', () => {
  const rank = (machine: string, ...texts: readonly string[]): readonly string[] =>
    rankPlatforms(
      texts.map((text) => ({ text, platform: text === '' ? undefined : parsePlatform(text) })),
      parsePlatform(machine),
    ).map(({ text }) => text);

  it.each<readonly [string, readonly string[], readonly string[]]>([
    [
      'linux/arm/v7',
      ['linux/arm/v5', 'linux/arm/v8', 'linux/arm/v7', 'linux/arm/v6'],
      ['linux/arm/v7', 'linux/arm/v6', 'linux/arm/v5'],
    ],
    ['linux/amd64/v3', ['linux/amd64', 'linux/amd64/v4', 'linux/amd64/v2'], ['linux/amd64/v2', 'linux/amd64']],
    ['linux/amd64', ['linux/386', 'linux/arm64', 'linux/amd64'], ['linux/amd64', 'linux/386']],
    ['linux/arm64', ['linux/arm/v6', 'linux/arm/v7', 'linux/arm64/v9'], ['linux/arm/v7', 'linux/arm/v6']],
    ['linux/386', ['linux/amd64'], []],
    ['windows/amd64', ['linux/amd64'], []],
    ['linux/amd64', ['linux/arm64', ''], ['']],
    ['linux/arm64', [''], []],
  ])('%s of %j runs %j', (machine, children, expected) => {
    expect(rank(machine, ...children)).toEqual(expected);
  });

  it('wants the build of Windows, whatever its revision', () => {
    const images = ['windows/amd64:10.0.14393.1', 'windows/amd64', 'windows/amd64:10.0.17763.99'];
    expect(rank('windows/amd64:10.0.17763.1', ...images)).toEqual(['windows/amd64:10.0.17763.99', 'windows/amd64']);
  });

  it('takes an earlier build of Windows from Server 2022 on, and never a later one', () => {
    const images = ['10.0.17763.1', '10.0.20348.5', '10.0.22621.1', '10.0.26100.1'].map(
      (version) => `windows/amd64:${version}`,
    );
    expect(rank('windows/amd64:10.0.22621.9', ...images)).toEqual([images[2], images[1]]);
  });

  it('ranks every image of Windows that a host runs: its own build, the nearest before it, the one that names none', () => {
    const images = ['10.0.20348.1', '10.0.25398.1', '10.0.26100.1', '10.0.17763.1', '10.0.99'].map(
      (version) => `windows/amd64:${version}`,
    );
    const [ltsc2022, server23h2, server2025, ltsc2019, odd] = images;
    const all = ['windows/amd64', 'linux/amd64', 'windows/arm64:10.0.26100.1', ...images];
    expect(rank('windows/amd64:10.0.26100.7', ...all)).toEqual([server2025, server23h2, ltsc2022, 'windows/amd64']);
    expect(rank('windows/amd64:10.0.25398.7', ...all)).toEqual([server23h2, ltsc2022, 'windows/amd64']);
    // Before Server 2022 nothing but the same build runs.
    expect(rank('windows/amd64:10.0.17763.7', ...all)).toEqual([ltsc2019, 'windows/amd64']);
    expect(rank('windows/amd64:10.0.99', ...all)).toEqual([odd, 'windows/amd64']);
    expect(rank('windows/arm64:10.0.26100.7', ...all)).toEqual(['windows/arm64:10.0.26100.1']);
  });

  it('asks of Windows no build where the host does not know its own', () => {
    const images = ['windows/amd64:10.0.17763.1', 'windows/amd64', 'windows/amd64:10.0.26100.1'];
    expect(rank('windows/amd64', ...images)).toEqual(images);
  });

  it('wants the features of the host, win32k among them', () => {
    const win32k = { ...parsePlatform('windows/amd64:10.0.20348.1'), osFeatures: ['win32k'] };
    const plain = parsePlatform('windows/amd64:10.0.20348.1');
    const children = [{ platform: plain }, { platform: win32k }];
    expect(rankPlatforms(children, win32k)).toEqual([{ platform: win32k }]);
    expect(rankPlatforms(children, plain)).toEqual(children);
  });

  it('puts an exact match first, wherever it stands', () => {
    fc.assert(
      fc.property(platform, fc.array(platform, { maxLength: 5 }), (wanted, others) => {
        const exact = { platform: wanted };
        const [first] = rankPlatforms([...others.map((each) => ({ platform: each })), exact], wanted);
        expect(first === undefined ? undefined : normalisePlatform(first.platform)).toEqual(normalisePlatform(wanted));
      }),
    );
  });
});
