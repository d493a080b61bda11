import { TLSSocket } from 'node:tls';
import type { Socket } from 'node:net';
import { GantryError } from '../gantry-error.ts';
import { createAuthSession } from './auth/session.ts';
import { type RegistryClientDeps } from './create-registry-client.ts';
import type { RegistryConnection } from './registry-client.ts';
import { listRepositories } from './remote/catalog.ts';
import type { RemoteContext } from './remote/context.ts';
import { createEndpointFinder, type EndpointFinder } from './remote/find-endpoint.ts';
import { ping, refuseWebPage } from './remote/ping.ts';
import { classifyAddress, literalAddress } from './transport/address-policy.ts';
import { discard } from './transport/body.ts';
import { formatChallenge, parseChallenges } from './transport/challenge.ts';
import { headerLines, singleHeader } from './transport/headers.ts';
import { createTransport } from './transport/create-transport.ts';
import type { Endpoint, HttpResponse, Transport } from './transport/http.ts';
import { toCancelled } from './transport/node-failure.ts';
import { isRegistryError, RegistryError } from './transport/registry-error.ts';
import { apiUrl } from './transport/route.ts';

const STEPS = ['address', 'connect', 'ping', 'challenge', 'credential', 'call'] as const;

export type ConnectionTestStep = {
  readonly step: (typeof STEPS)[number];
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

/** What a rung found out. A `failed` rung ends the ladder: those after it are `skipped`. */
type Outcome = Pick<ConnectionTestStep, 'state' | 'detail' | 'error'>;

type Ladder = {
  readonly finder: EndpointFinder;
  /** Of the assumed endpoint until the connection has shown which scheme holds. */
  context: RemoteContext;
  createContext(endpoint: Endpoint): RemoteContext;
  readonly connection: RegistryConnection;
  readonly signal: AbortSignal | undefined;
  /** The answer to the first, unsigned GET /v2/. */
  answer?: HttpResponse;
};

type Rung = (ladder: Ladder) => Promise<Outcome>;

/** Binds `testConnection` to the app's logger, clock and transport. */
export function createConnectionTest(deps: RegistryClientDeps): TestConnection {
  return (connection, signal) => testConnection(connection, deps, signal);
}

/**
 * The ladder of the connect dialog: address, connect, ping, challenge, sign-in, catalog. Uses nothing a client has
 * cached, so it tells how the registry answers now.
 * @throws {RegistryError} `cancelled` when the signal is aborted; every other failure is a rung
 */
export async function* testConnection(
  connection: RegistryConnection,
  deps: RegistryClientDeps,
  signal?: AbortSignal,
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
  deps: RegistryClientDeps & { readonly transport: Transport },
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
      ladder ??= prepare(connection, deps, signal);
      return RUNGS[step](ladder);
    }, signal);
    failed = outcome.state === 'failed';
    yield { step, ...outcome, durationMs: Math.round(deps.clock.now() - started) };
  }
}

/** @throws {InvalidInputError} for a host that is none */
function prepare(
  connection: RegistryConnection,
  deps: RegistryClientDeps & { readonly transport: Transport },
  signal: AbortSignal | undefined,
): Ladder {
  const { transport, clock } = deps;
  const finder = createEndpointFinder(connection, transport);
  const createContext = (endpoint: Endpoint) => {
    const session = createAuthSession(connection, endpoint, { transport, clock });
    return { endpoint, transport, clock, session, pageSize: 1 };
  };
  return { connection, signal, finder, createContext, context: createContext(finder.assumed) };
}

async function settle(work: () => Promise<Outcome>, signal: AbortSignal | undefined): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    if (signal?.aborted === true) throw toCancelled(error);
    if (error instanceof GantryError) return { state: 'failed', detail: error.message, error };
    throw error;
  }
}

const RUNGS: Readonly<Record<ConnectionTestStep['step'], Rung>> = {
  address: resolveAddress,
  connect: openConnection,
  ping: pingUnsigned,
  challenge: readChallenge,
  credential: signIn,
  call: tryCatalog,
};

async function resolveAddress({ context, signal }: Ladder): Promise<Outcome> {
  const { url } = context.endpoint;
  if (literalAddress(url.hostname) !== undefined) return { state: 'ok', detail: `${url.origin} is an address` };
  const addresses = await context.transport.resolve(url, signal);
  return { state: 'ok', detail: `${url.hostname} is at ${addresses.join(', ')}` };
}

async function openConnection(ladder: Ladder): Promise<Outcome> {
  const { finder, signal } = ladder;
  ladder.context = ladder.createContext(await finder.find(signal));
  const { context } = ladder;
  const socket = await context.transport.probe(context.endpoint, signal);
  const detail = describeSocket(socket);
  const isUnverified = context.endpoint.skipVerification && socket instanceof TLSSocket && !socket.authorized;
  const isOnThisMachine = classifyAddress(socket.remoteAddress ?? '') === 'loopback';
  socket.destroy();
  if (isUnverified) return { state: 'warning', detail: `${detail}; the certificate is not trusted, as allowed` };
  if (socket instanceof TLSSocket) return { state: 'ok', detail };
  if (isOnThisMachine) return { state: 'ok', detail: `${detail}, plain http on this machine` };
  return { state: 'warning', detail: `${detail}, plain http: passwords and images travel readable` };
}

function describeSocket(socket: Socket): string {
  const peer = `${socket.remoteAddress ?? 'unknown'} port ${socket.remotePort ?? 'unknown'}`;
  if (!(socket instanceof TLSSocket)) return peer;
  const certificate = socket.getPeerCertificate();
  const name = oneOf(certificate.subject?.CN) ?? certificate.subjectaltname ?? 'a certificate without a name';
  return `${peer}, ${socket.getProtocol() ?? 'TLS'}, ${name}, valid until ${certificate.valid_to ?? 'unknown'}`;
}

function oneOf(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}

/** GET /v2/ without any credential, as the first step of every registry conversation. */
async function pingUnsigned(ladder: Ladder): Promise<Outcome> {
  const { context, signal } = ladder;
  const answer = await context.transport.send({
    endpoint: context.endpoint,
    method: 'GET',
    url: apiUrl(context.endpoint, '/v2/'),
    hop: 'registry',
    redirects: 'follow',
    signal,
  });
  ladder.answer = answer;
  if (answer.status === 200) await refuseWebPage(answer);
  else discard(answer.body);
  const version = singleHeader(answer.headers, 'docker-distribution-api-version');
  const detail = `HTTP ${answer.status}${version === undefined ? '' : `, ${version.slice(0, 50)}`}`;
  if (answer.status === 200 || answer.status === 401) return { state: 'ok', detail };
  return failure(detail, new RegistryError({ kind: 'registry', status: answer.status, codes: [] }, answer.trace));
}

function failure(detail: string, error: RegistryError): Outcome {
  return { state: 'failed', detail, error };
}

function readChallenge({ answer, connection }: Ladder): Promise<Outcome> {
  if (answer === undefined || answer.status === 200) {
    const unused = connection.credential !== undefined;
    const detail = unused
      ? 'none: the registry lets anyone in, the credential may go unused'
      : 'none: no sign-in needed';
    return Promise.resolve({ state: 'ok', detail });
  }
  const { challenges, malformed } = parseChallenges(headerLines(answer.headers, 'www-authenticate'));
  const detail = challenges.map(formatChallenge).join('; ').slice(0, 1000);
  if (malformed.length > 0) {
    return Promise.resolve({ state: 'warning', detail: `${detail} (unreadable: ${malformed.join('; ')})` });
  }
  if (challenges.length > 0) return Promise.resolve({ state: 'ok', detail });
  return Promise.resolve({ state: 'warning', detail: 'HTTP 401 without a WWW-Authenticate header' });
}

async function signIn(ladder: Ladder): Promise<Outcome> {
  const { answer, connection, context, signal } = ladder;
  await ping(context, signal);
  if (answer?.status === 200) return { state: 'ok', detail: 'the registry did not ask for a sign-in' };
  if (connection.credential === undefined) return { state: 'ok', detail: 'let in without a credential' };
  const who = connection.credential.kind === 'password' ? connection.credential.username : 'the token';
  return { state: 'ok', detail: `let in as ${who}` };
}

async function tryCatalog({ context, signal }: Ladder): Promise<Outcome> {
  try {
    const page = await listRepositories(context, signal === undefined ? {} : { signal });
    const found = page.names.length === 0 ? 'no repositories' : 'repositories found';
    return { state: 'ok', detail: found };
  } catch (error) {
    if (!isRegistryError(error, 'unsupported')) throw error;
    const detail = 'the registry does not list its repositories to this credential; repositories can be pinned by name';
    return { state: 'warning', detail, error };
  }
}
