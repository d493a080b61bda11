import type { ConnectionStep, Registry } from '#shared/api/registries.ts';
import { LOCAL_ID } from '../core/connections/connection-book.ts';
import { suggestRegistries } from '../core/docker-config/suggest-registries.ts';
import { InvalidInputError } from '../core/gantry-error.ts';
import type { ConnectionTestStep } from '../core/registry/connection-test.ts';
import { PLAIN_REACH, type RegistryRow } from '../core/storage/registry-rows.ts';
import type { Implementer } from './error-boundary.ts';
import type { Services } from './services.ts';
import { stoppableStream } from './stoppable-stream.ts';
import { toAppError } from './to-app-error.ts';

/** `registries.*` */
export function registriesHandlers(os: Implementer, services: Services) {
  const { book, changes, clients, ports, options } = services;
  return {
    list: os.registries.list.handler(() => Promise.all(book.list().map((row) => describe(row, services)))),

    add: os.registries.add.handler(async ({ input }) => {
      const row = await book.add(input);
      changes.publish({ area: 'registries' });
      return describe(row, services);
    }),

    update: os.registries.update.handler(async ({ input }) => {
      const row = await book.update(input.id, input);
      clients.forget(input.id);
      changes.publish({ area: 'registries' });
      return describe(row, services);
    }),

    remove: os.registries.remove.handler(async ({ input }) => {
      const pinned = services.storage.pins.list().some((pin) => pin.registryId === input.id);
      const removed = await book.remove(input.id);
      if (!removed) return { removed };
      clients.forget(input.id);
      changes.publish({ area: 'registries' });
      if (pinned) changes.publish({ area: 'pins' });
      return { removed };
    }),

    test: os.registries.test.handler(({ input, signal }) =>
      stoppableStream(signal, async function* (signal) {
        const { id, ...choice } = input;
        if (id === LOCAL_ID) throw new InvalidInputError('id', 'the Local registry has no connection to try');
        const connection = await book.trialConnection(choice, id);
        for await (const step of services.testConnection(connection, signal)) yield toStep(step, services, signal);
      }),
    ),

    suggestions: os.registries.suggestions.handler(async () => [
      ...(await suggestRegistries({
        homeDir: ports.paths.homeDir,
        env: options.env ?? process.env,
        logger: ports.logger,
      })),
    ]),
  };
}

async function describe(row: RegistryRow, services: Services): Promise<Registry> {
  if (row.kind === 'local') return describeLocal(row, services);
  const { id, kind, host, plainHttp, skipVerification } = row;
  return {
    id,
    kind,
    host,
    label: row.label ?? host,
    plainHttp,
    skipVerification,
    auth: authOf(row),
    secret: await secretState(row, services),
    ...(row.account === undefined ? {} : { keychainName: row.account }),
    ...reachOf(row),
  };
}

function describeLocal({ id, kind }: RegistryRow, { localShelf }: Services): Registry {
  const host = localShelf.state.state === 'running' ? localShelf.state.address : '127.0.0.1';
  return {
    id,
    kind,
    host,
    label: 'Local',
    plainHttp: true,
    skipVerification: false,
    auth: { kind: 'anonymous' },
    secret: 'none',
    ...reachOf({ reach: PLAIN_REACH }),
  };
}

function reachOf({ reach }: Pick<RegistryRow, 'reach'>) {
  const { caPem, clientCertificatePem, proxy, apiPrefix, repositoryPrefix } = reach;
  return {
    tls: {
      ...(caPem === undefined ? {} : { caPem }),
      ...(clientCertificatePem === undefined ? {} : { clientCertificatePem }),
      hasClientKey: reach.clientKeyAccount !== undefined,
    },
    proxy,
    apiPrefix,
    repositoryPrefix,
    trustedTokenHosts: [...reach.trustedTokenHosts],
  };
}

function authOf({ authKind, username }: RegistryRow): Registry['auth'] {
  return authKind === 'password' ? { kind: authKind, username: username ?? '' } : { kind: authKind };
}

async function secretState(row: RegistryRow, { book, ports }: Services): Promise<Registry['secret']> {
  if (row.authKind === 'anonymous') return 'none';
  if (row.authKind === 'config') return 'config';
  return (await book.hasSecret(row)) ? ports.credentials.status.kind : 'missing';
}

function toStep(from: ConnectionTestStep, { ports }: Services, signal: AbortSignal): ConnectionStep {
  const { step, state, detail, durationMs, error } = from;
  return {
    step,
    state,
    detail,
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(error === undefined ? {} : { error: toAppError(error, { logger: ports.logger, signal }) }),
  };
}
