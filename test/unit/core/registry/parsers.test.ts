import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '#main/core/gantry-error.ts';
import { checkRealm } from '#main/core/registry/auth/realm.ts';
import { decodeCursor, encodeCursor, firstPosition, nextPosition } from '#main/core/registry/remote/cursor.ts';
import { readBasePath, readRepositoryPrefix } from '#main/core/registry/remote/endpoint.ts';
import { isReferrerIndex, readReferrers } from '#main/core/registry/remote/referrer-list.ts';
import { registryWarnings } from '#main/core/registry/remote/warnings.ts';
import { classifyAddress, literalAddress } from '#main/core/registry/transport/address-policy.ts';
import { readExceptions } from '#main/core/registry/transport/proxy-environment.ts';
import { parseProxyUrl } from '#main/core/registry/transport/proxy-url.ts';
import { parseRateLimit } from '#main/core/registry/transport/rate-limit.ts';
import { redirectTarget } from '#main/core/registry/transport/redirect.ts';
import { RegistryError } from '#main/core/registry/transport/registry-error.ts';
import { responseError } from '#main/core/registry/transport/response-error.ts';
import { readTlsMaterial } from '#main/core/registry/transport/tls-material.ts';

const trace = { method: 'GET', url: 'https://registry.example/v2/', hop: 'registry' } as const;
const registry = new URL('https://registry.example/v2/');

/** Text as a hostile server makes it: pieces that mean something, between anything. */
const textOf = (...pieces: readonly string[]) =>
  fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 6 }), fc.nat(99_999).map(String)), {
      maxLength: 12,
    })
    .map((parts) => parts.join(''));

/** The value, or undefined for an error of the kinds a parser may throw; any other error fails the test. */
function outcome<Value>(parse: () => Value): Value | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RegistryError || error instanceof InvalidInputError) return undefined;
    throw error;
  }
}

const address = textOf(
  'http://',
  'https://',
  '//',
  '/',
  '..',
  '@',
  ':',
  '?',
  '#',
  '\\',
  '\t',
  '127.0.0.1',
  '[::1]',
  'a.example',
  '%2e',
);

describe('addresses that a server names', () => {
  const safe = (url: URL | undefined) => {
    if (url === undefined) return true;
    const literal = literalAddress(url.hostname);
    const isPublic = literal === undefined || classifyAddress(literal) === 'public' || url.host === registry.host;
    return url.protocol === 'https:' && url.username === '' && url.password === '' && url.hash === '' && isPublic;
  };

  it('as a realm are https, without a user, in public, or an error', () => {
    fc.assert(
      fc.property(address, (realm) => {
        expect(safe(outcome(() => checkRealm(realm, { registry, trace, classify: classifyAddress })))).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('as a Location are https, without a user, in public, or an error', () => {
    const context = {
      from: registry,
      reach: 'public',
      registryUrl: registry,
      classify: classifyAddress,
      trace,
      secrets: [],
    } as const;
    fc.assert(
      fc.property(address, (location) => {
        expect(safe(outcome(() => redirectTarget({ ...context, headers: { location } })))).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('as IPv4 in any of its spellings are judged alike', () => {
    fc.assert(
      fc.property(fc.nat(0xff_ff_ff_ff), (bits) => {
        const dotted = [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');
        const [plain, hex] = [String(bits), `0x${bits.toString(16)}`].map(
          (host) => new URL(`https://${host}/`).hostname,
        );
        const mapped = literalAddress(new URL(`https://[::ffff:${dotted}]/`).hostname) ?? '';
        expect([plain, hex].map((host) => classifyAddress(literalAddress(host!) ?? ''))).toEqual(
          Array(2).fill(classifyAddress(dotted)),
        );
        expect(classifyAddress(mapped)).toBe(classifyAddress(dotted));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('what a person or the environment says of proxies and paths', () => {
  const typed = textOf(
    'http://',
    'https://',
    'socks5://',
    ':',
    '@',
    '%',
    '%2F',
    '/',
    ' ',
    '[::1]',
    'proxy.example',
    '*',
    '.',
    ',',
  );

  it('is a proxy without a password in its address, or none', () => {
    fc.assert(
      fc.property(typed, (text) => {
        const parsed = parseProxyUrl(text);
        const url = typeof parsed === 'object' ? parsed.url : new URL('http://none.example');
        expect([url.username, url.password, url.pathname, url.search]).toEqual(['', '', '/', '']);
      }),
      { numRuns: 2000 },
    );
  });

  it('is a list of exceptions that answers for every host', () => {
    fc.assert(
      fc.property(typed, (text) => {
        const isExcepted = readExceptions(text);
        const answers = ['https://a.example/', 'http://10.0.0.1:5000/', 'https://[::1]/'].map((url) =>
          isExcepted(new URL(url)),
        );
        expect(answers.every((answer) => typeof answer === 'boolean')).toBe(true);
        expect(readExceptions(`${text},a.example`)(new URL('https://a.example/'))).toBe(true);
      }),
    );
  });

  it('is a path or a repository that can stand in a URL as it is, or an error', () => {
    const path = textOf('/', '//', '..', '.', 'v2', 'hub', 'mirror', '?', '#', '%2e', '\\', ' ');
    fc.assert(
      fc.property(path, (text) => {
        for (const prefix of [
          outcome(() => readBasePath(text)) ?? '',
          `/${outcome(() => readRepositoryPrefix(text)) ?? ''}`,
        ]) {
          const url = new URL(`https://registry.example${prefix}/v2/`.replace('//v2/', '/v2/'));
          expect(`${url.pathname}${url.search}${url.hash}`).toBe(`${prefix}/v2/`.replace('//v2/', '/v2/'));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('is a certificate that OpenSSL reads, or an error that names the field', () => {
    const pem = textOf(
      '-----BEGIN CERTIFICATE-----',
      '-----END CERTIFICATE-----',
      '\n',
      'MIIB',
      '=',
      '-----BEGIN KEY-----',
    );
    fc.assert(
      fc.property(pem, (caPem) => {
        expect(outcome(() => readTlsMaterial({ caPem }))?.authorities ?? []).toEqual([]);
      }),
    );
  });
});

describe('headers of an answer', () => {
  it('tell a quota in whole numbers, or none', () => {
    const value = textOf(';w=', ',', ' ', '=', 'limit=', 'remaining=', '"default";r=', ';q=', '-', '1e400');
    fc.assert(
      fc.property(value, value, (limit, remaining) => {
        for (const headers of [
          { 'ratelimit-limit': limit, 'ratelimit-remaining': remaining },
          { ratelimit: limit, 'ratelimit-policy': remaining },
          { 'x-ratelimit-limit': limit, 'x-ratelimit-remaining': remaining },
        ]) {
          const found = parseRateLimit(headers) ?? { limit: 0, remaining: 0 };
          const numbers = [found.limit, found.remaining, found.windowSeconds ?? 0];
          expect(numbers.every((number) => Number.isSafeInteger(number) && number >= 0)).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('warn in 20 texts at most, without a control character', () => {
    const line = textOf('299 - "', '299 registry "', '"', '\\', '\\"', '\u001B[31m', '\r\n', 'deprecated');
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), (warning) => {
        const texts = registryWarnings({ warning }).map(({ text }) => text);
        expect(texts.length).toBeLessThanOrEqual(20);
        expect(new Set(texts).size).toBe(texts.length);
        expect(texts.some((text) => text === '' || /\p{Cc}/u.test(text))).toBe(false);
      }),
    );
  });
});

describe('bodies of an answer', () => {
  it('of an error are 20 codes at most, whatever they hold, and never our secret', () => {
    const field = fc.oneof(fc.string(), fc.jsonValue(), fc.constant('say s3cr3t-canary twice: s3cr3t-canary'));
    const entry = fc.record({ code: field, message: field, detail: field }, { requiredKeys: [] });
    const body = fc.oneof(
      fc.record({ errors: fc.array(entry, { maxLength: 40 }) }).map((value) => JSON.stringify(value)),
      fc.jsonValue().map((value) => JSON.stringify(value)),
      fc.string(),
    );
    fc.assert(
      fc.property(body, fc.constantFrom(400, 401, 403, 404, 416, 429, 500, 503), (text, status) => {
        const error = responseError({
          status,
          headers: { 'content-type': 'application/json' },
          body: Buffer.from(text),
          trace,
          hadCredential: true,
          what: 'manifest',
          nowMs: 0,
          secrets: ['s3cr3t-canary'],
        });
        const codes = 'codes' in error.failure ? (error.failure.codes ?? []) : [];
        expect(codes.length).toBeLessThanOrEqual(20);
        expect(JSON.stringify([error.failure, error.message])).not.toContain('s3cr3t-canary');
      }),
      { numRuns: 1000 },
    );
  });

  it('of a list of referrers are sound descriptors, and a count of the rest', () => {
    const digest = fc.oneof(fc.constant(`sha256:${'a'.repeat(64)}`), fc.string());
    const entry = fc.oneof(
      fc.jsonValue(),
      fc.record({ mediaType: fc.string(), digest, size: fc.oneof(fc.nat(), fc.double()) }),
    );
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 10 }), (manifests) => {
        const body: unknown = { schemaVersion: 2, manifests };
        if (!isReferrerIndex(body)) throw new Error('an index is an index');
        const { items, droppedCount } = readReferrers(body, undefined);
        expect(items.length + droppedCount).toBe(manifests.length);
        expect(items.every((each) => /^sha(?:256|512):[0-9a-f]+$/.test(each.digest) && each.sizeBytes >= 0)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('cursors', () => {
  const path = fc
    .array(fc.constantFrom('a', '?last=', '&n=1', '%2F', ':', '/', '_catalog'), { maxLength: 8 })
    .map((parts) => `/v2/x${parts.join('')}`);

  it('come back as they were given', () => {
    fc.assert(
      fc.property(path, path, (first, second) => {
        const position = nextPosition(firstPosition(first), second);
        const expected = typeof position === 'string' ? 'loop' : position;
        expect(typeof position === 'string' ? position : decodeCursor(encodeCursor(position), registry)).toEqual(
          expected,
        );
      }),
    );
  });

  it('of any other text lead to a path of the API on the same origin, or are refused', () => {
    const text = textOf(
      '1:',
      '0123456789abcdef:',
      '/v2/',
      '//evil.example',
      '/../',
      'stop:loop',
      '\\',
      '?',
      'https://evil.example/v2/',
    );
    fc.assert(
      fc.property(text, (cursor) => {
        const position = outcome(() => decodeCursor(cursor, registry));
        const url = new URL(position?.path ?? '/v2/', registry.origin);
        expect(url.origin).toBe(registry.origin);
        expect(url.pathname.startsWith('/v2/')).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
