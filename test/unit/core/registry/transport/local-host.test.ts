import { describe, expect, it } from 'vitest';
import { isLocalHost } from '#main/core/registry/transport/local-host.ts';
import { hasVectors, loadVectors } from '#test/support/vectors.ts';

type SchemeVector = {
  readonly id: string;
  readonly host: string;
  readonly insecure: boolean;
  readonly expect: { readonly plainHttpFallback: boolean };
};

/** Where a person asked for plain http, the host does not matter: first-contact.test.ts has those. */
const vectors = loadVectors<SchemeVector>('schemes', ({ insecure }) => !insecure);

/** The host as a URL has it: without its port, an IPv6 address in brackets. */
function hostnameOf(host: string): string {
  const [, bracketed] = /^(\[.*\])(?::\d+)?$/.exec(host) ?? [];
  if (bracketed !== undefined) return bracketed;
  return host.split(':').length > 2 ? `[${host}]` : (host.split(':')[0] ?? '');
}

describe.skipIf(!hasVectors)('isLocalHost on the shared vectors', () => {
  it.each(vectors)('$id', ({ host, expect: { plainHttpFallback } }) => {
    expect(isLocalHost(hostnameOf(host))).toBe(plainHttpFallback);
  });
});

describe('isLocalHost', () => {
  it.each(['localhost', 'LOCALHOST', 'localhost.', '127.1.2.3', '[::1]'])('takes %s for this machine', (host) => {
    expect(isLocalHost(host)).toBe(true);
  });

  it.each(['localhost.example', '169.254.169.254', '172.15.0.1', '172.32.0.1', '[fe80::1]', '[::]', '0.0.0.0'])(
    'does not take %s for a machine nearby',
    (host) => {
      expect(isLocalHost(host)).toBe(false);
    },
  );
});
