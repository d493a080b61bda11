import { describe, expect, it } from 'vitest';
import { checkDestination } from '#main/core/registry/auth/destination.ts';
import { classifyAddress } from '#main/core/registry/transport/address-policy.ts';
import { RegistryError } from '#main/core/registry/transport/registry-error.ts';

function refusalOf(address: string, plainHttp = false): string | undefined {
  const registry = new URL(address);
  try {
    checkDestination(registry, { connection: { plainHttp }, registry, classify: classifyAddress });
    return undefined;
  } catch (error) {
    if (error instanceof RegistryError) return error.kind;
    throw error;
  }
}

describe('checkDestination', () => {
  it.each(['http://127.0.0.1:5000', 'http://[::1]:5000', 'http://localhost:5000', 'https://registry.example'])(
    'lets a credential go to %s',
    (address) => {
      expect(refusalOf(address)).toBeUndefined();
    },
  );

  it.each(['http://reg.localhost:5000', 'http://10.1.2.3:5000', 'http://registry.example', 'http://localhost.example'])(
    'keeps it from %s, which may be another machine, until the person allows plain http (A13)',
    (address) => {
      expect(refusalOf(address)).toBe('plaintext-auth');
      expect(refusalOf(address, true)).toBeUndefined();
    },
  );
});
