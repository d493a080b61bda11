import type { RegistryConnection } from './registry-client.ts';

export type ConnectionTestStep = {
  readonly step: 'address' | 'connect' | 'ping' | 'challenge' | 'sign-in' | 'catalog';
  readonly state: 'running' | 'ok' | 'warning' | 'failed' | 'skipped';
  /** Facts for a person, redacted. */
  readonly detail: string;
  readonly durationMs?: number;
  readonly error?: unknown;
};

/** Tries a connection rung by rung: each rung is yielded as `running`, then with its result. Never throws but on abort. */
export type TestConnection = (
  connection: RegistryConnection,
  signal?: AbortSignal,
) => AsyncIterable<ConnectionTestStep>;
