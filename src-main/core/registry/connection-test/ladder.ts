import type { RegistryClientDeps } from '../create-registry-client.ts';
import type { CredentialSource, FoundCredential, RegistryConnection } from '../registry-client.ts';
import type { RemoteContext } from '../remote/context.ts';
import { createAuthSession } from '../auth/session.ts';
import { createEndpointFinder, type EndpointFinder } from '../remote/find-endpoint.ts';
import type { Challenge } from '../transport/challenge.ts';
import type { Exchange } from '../transport/exchange.ts';
import type { Endpoint, HttpResponse, Transport } from '../transport/http.ts';
import type { CertificateInfo } from '../transport/registry-error.ts';
import { createExchangeRecorder, type ExchangeRecorder } from './exchange-recorder.ts';

export const STEPS = ['address', 'connect', 'ping', 'challenge', 'credential', 'token', 'scopes', 'call'] as const;

export type ConnectionTestStep = {
  readonly step: (typeof STEPS)[number];
  readonly state: 'running' | 'ok' | 'warning' | 'failed' | 'skipped';
  /** Facts for a person, redacted. */
  readonly detail: string;
  readonly durationMs?: number;
  readonly error?: unknown;
  /** What went over the wire for this rung, in order; absent for rungs that send nothing. */
  readonly exchanges?: readonly Exchange[];
  /** What the host showed in its TLS handshake, its own certificate first. */
  readonly certificates?: readonly CertificateInfo[];
};

/** What a rung found out. A `failed` rung ends the ladder: those after it are `skipped`. */
export type Outcome = Pick<ConnectionTestStep, 'state' | 'detail' | 'error' | 'certificates'>;

/** What the rungs know of each other. Each takes what those before it have put in. */
export type Ladder = {
  readonly connection: RegistryConnection;
  readonly signal: AbortSignal | undefined;
  readonly transport: Transport;
  readonly nowMs: () => number;
  readonly recorder: ExchangeRecorder;
  readonly finder: EndpointFinder;
  /** Of the assumed endpoint until `connect` has found which scheme holds. */
  context: RemoteContext;
  createContext(endpoint: Endpoint): RemoteContext;
  /** The answer to the first, unsigned GET /v2/. */
  answer?: HttpResponse;
  challenges: readonly Challenge[];
  /** The challenge that is met with a token. */
  bearer?: Challenge;
  found?: FoundCredential;
  /** `Authorization` with a token that was fetched; a secret. */
  authorization?: string;
};

export type Rung = (ladder: Ladder) => Promise<Outcome>;

export type LadderDeps = RegistryClientDeps & { readonly transport: Transport };

/** @throws {InvalidInputError} by field, for a connection that cannot be tried */
export function createLadder(given: RegistryConnection, deps: LadderDeps, signal: AbortSignal | undefined): Ladder {
  const { transport, clock } = deps;
  const { credentialSource } = given;
  const connection =
    credentialSource === undefined ? given : { ...given, credentialSource: askedOnce(credentialSource) };
  const recorder = createExchangeRecorder(clock);
  const finder = createEndpointFinder(connection, transport, recorder.observe);
  const createContext = (endpoint: Endpoint): RemoteContext => {
    const session = createAuthSession(connection, endpoint, { transport, clock });
    // Tells how the registry answers now: a busy one is an answer too, and nobody waits for a better one.
    return { endpoint, transport, clock, session, pageSize: 1, repeatable: false };
  };
  return {
    connection,
    signal,
    transport,
    nowMs: () => clock.now(),
    recorder,
    finder,
    createContext,
    context: createContext(finder.assumed),
    challenges: [],
  };
}

/** A helper may want to be unlocked each time it is asked: one ladder asks it once for the registry as a whole. */
function askedOnce(source: CredentialSource): CredentialSource {
  let found: Promise<FoundCredential> | undefined;
  return {
    find: (options) => {
      if (options.repository !== undefined || options.stale === true) return source.find(options);
      return (found ??= source.find(options));
    },
  };
}
