import { GantryError } from '../../gantry-error.ts';
import type { RegistryClientDeps } from '../create-registry-client.ts';
import type { RegistryConnection } from '../registry-client.ts';
import { createTransport } from '../transport/create-transport.ts';
import { toCancelled } from '../transport/node-failure.ts';
import { isRegistryError, type CertificateInfo } from '../transport/registry-error.ts';
import { callCatalog, readScopes } from './grant-rungs.ts';
import {
  type ConnectionTestStep,
  createLadder,
  type Ladder,
  type LadderDeps,
  type Outcome,
  type Rung,
  STEPS,
} from './ladder.ts';
import { openConnection, pingUnsigned, resolveAddress } from './reach-rungs.ts';
import { fetchToken, findCredential, readChallenge } from './sign-in-rungs.ts';

/** Tries a connection rung by rung: each rung is yielded as `running`, then with its result. Never throws but on abort. */
export type TestConnection = (
  connection: RegistryConnection,
  signal?: AbortSignal,
) => AsyncIterable<ConnectionTestStep>;

const RUNGS: Readonly<Record<ConnectionTestStep['step'], Rung>> = {
  address: resolveAddress,
  connect: openConnection,
  ping: pingUnsigned,
  challenge: readChallenge,
  credential: findCredential,
  token: fetchToken,
  scopes: readScopes,
  call: callCatalog,
};

/** Binds `testConnection` to the app's logger, clock and transport. */
export function createConnectionTest(deps: RegistryClientDeps): TestConnection {
  return (connection, signal) => testConnection(connection, deps, signal);
}

/**
 * The ladder of the connect dialog. Uses nothing a client has learnt, so it tells how the registry answers now.
 * @throws {RegistryError} `cancelled` when the signal is aborted; every other failure is a rung
 */
async function* testConnection(
  connection: RegistryConnection,
  deps: RegistryClientDeps,
  signal: AbortSignal | undefined,
): AsyncGenerator<ConnectionTestStep, void, void> {
  const transport = deps.transport ?? createTransport(deps);
  try {
    yield* climb(connection, { ...deps, transport }, signal);
  } finally {
    if (deps.transport === undefined) await transport.close();
  }
}

async function* climb(
  connection: RegistryConnection,
  deps: LadderDeps,
  signal: AbortSignal | undefined,
): AsyncGenerator<ConnectionTestStep, void, void> {
  let ladder: Ladder | undefined;
  let failed = false;
  for (const step of STEPS) {
    if (failed) {
      yield { step, state: 'skipped', detail: '' };
      continue;
    }
    yield { step, state: 'running', detail: '' };
    const started = deps.clock.now();
    const outcome = await settle(async () => {
      ladder ??= createLadder(connection, deps, signal);
      return RUNGS[step](ladder);
    }, signal);
    failed = outcome.state === 'failed';
    const durationMs = Math.round(deps.clock.now() - started);
    const exchanges = (await ladder?.recorder.take()) ?? [];
    yield { step, ...outcome, durationMs, ...(exchanges.length === 0 ? {} : { exchanges }) };
  }
}

async function settle(work: () => Promise<Outcome>, signal: AbortSignal | undefined): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    if (signal?.aborted === true) throw toCancelled(error);
    if (error instanceof GantryError) {
      return { state: 'failed', detail: error.message, error, ...certificatesIn(error) };
    }
    throw error;
  }
}

function certificatesIn(error: GantryError): { readonly certificates?: readonly CertificateInfo[] } {
  if (!isRegistryError(error, 'tls') || error.failure.kind !== 'tls') return {};
  const { certificates } = error.failure;
  return certificates === undefined ? {} : { certificates };
}
