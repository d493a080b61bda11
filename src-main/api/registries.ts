import type { ConnectionStep } from '#shared/api/registries.ts';
import { LOCAL_ID } from '../core/connections/connection-book.ts';
import { suggestRegistries } from '../core/config-credentials/suggest-registries.ts';
import { InvalidInputError } from '../core/gantry-error.ts';
import { raceAbort } from '../core/race-abort.ts';
import type { ConnectionTestStep } from '../core/registry/connection-test/ladder.ts';
import { describeRegistry } from './describe-registry.ts';
import type { Implementer } from './error-boundary.ts';
import { forgettingSeen } from './forgetting-seen.ts';
import type { Services } from './services.ts';
import { stoppableStream } from './stoppable-stream.ts';
import { toAppError } from './to-app-error.ts';
import { toExchange } from './to-exchange.ts';

/** `registries.*` */
export function registriesHandlers(os: Implementer, services: Services) {
  const { book, changes, clients } = services;
  return {
    list: os.registries.list.handler(() => Promise.all(book.list().map((row) => describeRegistry(row, services)))),

    add: os.registries.add.handler(async ({ input }) => {
      const row = await book.add(input);
      changes.publish({ area: 'registries' });
      return describeRegistry(row, services);
    }),

    update: os.registries.update.handler(async ({ input }) => {
      const update = async () => {
        const row = await book.update(input.id, input);
        clients.forget(input.id);
        return row;
      };
      // Another token may be another person's, and nothing of it but the secret itself would tell.
      const isSame = input.auth.kind === 'unchanged';
      const row = isSame ? await update() : await forgettingSeen(input.id, services, update);
      changes.publish({ area: 'registries' });
      return describeRegistry(row, services);
    }),

    remove: os.registries.remove.handler(({ input: { id } }) =>
      forgettingSeen(id, services, async () => {
        const pinned = services.storage.pins.list().some((pin) => pin.registryId === id);
        const removed = await book.remove(id);
        if (!removed) return { removed };
        clients.forget(id);
        changes.publish({ area: 'registries' });
        if (pinned) changes.publish({ area: 'pins' });
        return { removed };
      }),
    ),

    test: os.registries.test.handler(({ input, signal }) =>
      stoppableStream(signal, async function* (signal) {
        const { id, ...choice } = input;
        if (id === LOCAL_ID) throw new InvalidInputError('id', 'the Local registry has no connection to try');
        const connection = await raceAbort(book.trialConnection(choice, id), signal);
        for await (const step of services.testConnection(connection, signal)) yield toStep(step, services, signal);
      }),
    ),

    suggestions: os.registries.suggestions.handler(async () => [
      ...suggestRegistries(await services.config.readPlaces()),
    ]),
  };
}

function toStep(from: ConnectionTestStep, { ports }: Services, signal: AbortSignal): ConnectionStep {
  const { step, state, detail, durationMs, error, exchanges, certificates } = from;
  return {
    step,
    state,
    detail,
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(error === undefined ? {} : { error: toAppError(error, { logger: ports.logger, signal }) }),
    ...(exchanges === undefined ? {} : { exchanges: exchanges.map(toExchange) }),
    ...(certificates === undefined ? {} : { certificates: [...certificates] }),
  };
}
