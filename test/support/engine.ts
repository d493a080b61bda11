import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, Logger, LogLevel } from '#main/core/ports.ts';
import { createRegistryClient } from '#main/core/registry/create-registry-client.ts';
import type { RegistryClient, RegistryConnection, RegistryCredential } from '#main/core/registry/registry-client.ts';
import { createTransport, type TransportOptions } from '#main/core/registry/transport/create-transport.ts';
import type { Transport } from '#main/core/registry/transport/http.ts';
import { classifyAddress, type Reach } from '#main/core/registry/transport/address-policy.ts';
import { RegistryError } from '#main/core/registry/transport/registry-error.ts';
import type { TransportEvent } from '#main/core/registry/transport/transport-event.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal === undefined ? {} : { signal });
  },
};

export type LogLine = { readonly level: LogLevel; readonly event: string; readonly fields: string };

/** A logger that keeps what it was told, as text, to look for secrets in. */
export function recordingLogger(): Logger & { readonly lines: readonly LogLine[] } {
  const lines: LogLine[] = [];
  return {
    lines,
    log: (level, event, fields = {}) => {
      lines.push({ level, event, fields: JSON.stringify(fields) });
    },
  };
}

export type EngineOptions = {
  readonly connection?: Partial<RegistryConnection>;
  readonly credential?: RegistryCredential;
  readonly transport?: Partial<TransportOptions>;
  readonly clock?: Clock;
  readonly pageSize?: number;
  readonly observe?: (event: TransportEvent) => void;
};

export type Engine = {
  readonly client: RegistryClient;
  readonly transport: Transport;
  readonly log: readonly LogLine[];
  [Symbol.asyncDispose](): Promise<void>;
};

/** A client for a plain http server on loopback, with its own transport; `await using` closes both. */
export function startEngine(host: string, options: EngineOptions = {}): Engine {
  const logger = recordingLogger();
  const clock = options.clock ?? systemClock;
  const transport = createTransport({
    logger,
    clock,
    ...options.transport,
    // Without jitter, so that nobody waits for a repeated request but who tests that.
    retry: { random: () => 0, ...options.transport?.retry },
  });
  const connection: RegistryConnection = {
    host,
    plainHttp: true,
    skipVerification: false,
    ...(options.credential === undefined ? {} : { credential: options.credential }),
    ...options.connection,
  };
  const client = createRegistryClient(connection, {
    logger,
    clock,
    transport,
    ...(options.pageSize === undefined ? {} : { pageSize: options.pageSize }),
    ...(options.observe === undefined ? {} : { observe: options.observe }),
  });
  return { client, transport, log: logger.lines, [Symbol.asyncDispose]: () => transport.close() };
}

export function password(username: string, secret: string): RegistryCredential {
  return { kind: 'password', username, secret };
}

/** The RegistryError a promise rejects with; anything else fails the test. */
export async function registryErrorOf(promise: Promise<unknown>): Promise<RegistryError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof RegistryError) return error;
    throw error;
  }
  throw new Error('expected a RegistryError, but nothing was thrown');
}

/**
 * Names for a test's servers, all of them on loopback: `*.public.test` counts as a public address, `*.private.test`
 * as a private one, `*.loopback.test` as loopback, `*.metadata.test` as link-local.
 */
export const TEST_NETWORK: Pick<TransportOptions, 'lookup' | 'classify'> = {
  lookup: (hostname, options, callback) => {
    const address = Object.entries(TEST_ADDRESSES).find(([zone]) => hostname.endsWith(`.${zone}.test`))?.[1];
    if (address === undefined) {
      callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' }), '');
    } else if (options.all === true) {
      callback(null, [{ address, family: 4 }]);
    } else {
      callback(null, address, 4);
    }
  },
  classify: (address) => {
    const zone = Object.entries(TEST_ADDRESSES).find(([, known]) => known === address)?.[0];
    if (zone === undefined) return classifyAddress(address);
    return zone === 'metadata' ? 'forbidden' : (zone as Reach);
  },
};

const TEST_ADDRESSES = {
  public: '127.0.0.1',
  private: '127.0.0.2',
  loopback: '127.0.0.3',
  metadata: '127.0.0.4',
} as const;
