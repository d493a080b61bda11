import { describe, expect, it } from 'vitest';
import type { RegistryFailure } from '#main/core/registry/transport/registry-error.ts';
import { RegistryError, type RequestTrace } from '#main/core/registry/transport/registry-error.ts';
import { type AppError, appErrorSchema } from '#shared/api/app-error.ts';

const trace: RequestTrace = { method: 'GET', url: 'https://registry.test/v2/', status: 401, hop: 'registry' };
const codes = [{ code: 'DENIED', message: 'no', detail: 'why' }];

/** One of each kind: a kind left out is a type error. */
const failures: { readonly [Kind in RegistryFailure['kind']]: Extract<RegistryFailure, { kind: Kind }> } = {
  unauthorized: { kind: 'unauthorized', hadCredential: true, codes },
  forbidden: { kind: 'forbidden', codes },
  'not-found': { kind: 'not-found', what: 'manifest', codes },
  'rate-limited': { kind: 'rate-limited', retryAfterSeconds: 5, codes },
  unsupported: { kind: 'unsupported', feature: 'catalog', detail: 'answered 404' },
  registry: { kind: 'registry', status: 500, codes },
  protocol: { kind: 'protocol', reason: 'html', detail: 'a web page' },
  network: { kind: 'network', reason: 'dns', host: 'registry.test', detail: 'not found' },
  tls: { kind: 'tls', reason: 'expired', host: 'registry.test', detail: 'expired' },
  'digest-mismatch': { kind: 'digest-mismatch', expected: 'sha256:a', actual: 'sha256:b' },
  'too-large': { kind: 'too-large', limitBytes: 1, what: 'manifest' },
  'untrusted-host': { kind: 'untrusted-host', host: 'a', registryHost: 'b', detail: 'c' },
  'plaintext-auth': { kind: 'plaintext-auth', host: 'registry.test' },
  cancelled: { kind: 'cancelled' },
};

describe('RegistryError', () => {
  it.each(Object.values(failures))('of kind $kind has the shape of the wire, field by field', (failure) => {
    const { kind } = failure;
    const wire: unknown = kind === 'cancelled' ? failure : { ...failure, trace };
    expect(appErrorSchema.parse(wire)).toEqual(wire satisfies unknown as AppError);
  });

  it('says in its message what, where and why', () => {
    expect(new RegistryError(failures.unauthorized, trace).message).toBe(
      'unauthorized: DENIED (GET https://registry.test/v2/ 401)',
    );
    expect(new RegistryError(failures.tls).message).toBe('tls/expired: expired');
  });
});
