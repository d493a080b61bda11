import { randomUUID } from 'node:crypto';
import type { RowDecision } from '../core/transfer/plan/row-decisions.ts';
import { formatError } from './kept-error.ts';
import type { Implementer } from './error-boundary.ts';
import { toPlanRequest } from './plan-input.ts';
import type { Services } from './services.ts';
import { stoppableStream } from './stoppable-stream.ts';
import { transferFilesHandlers } from './transfer-files.ts';
import { toPlanEvents, toTransfer, toTransferDetail } from './to-transfer.ts';

/** `transfers.*` */
export function transfersHandlers(os: Implementer, services: Services) {
  const { transfers } = services;
  return {
    ...planHandlers(os, services),
    ...steerHandlers(os, services),
    ...transferFilesHandlers(os, services),

    watch: os.transfers.watch.handler(({ signal }) =>
      stoppableStream(signal, async function* (signal) {
        for await (const event of transfers.watch(signal)) {
          if (event.kind === 'snapshot')
            yield { kind: 'snapshot', transfers: event.transfers.map(toTransfer) } as const;
          else
            yield {
              kind: 'update',
              changed: event.changed.map(toTransfer),
              removedIds: [...event.removedIds],
            } as const;
        }
      }),
    ),

    watchOne: os.transfers.watchOne.handler(({ input, signal }) =>
      stoppableStream(signal, async function* (signal) {
        for await (const detail of transfers.watchOne(input.transferId, signal)) yield toTransferDetail(detail);
      }),
    ),
  };
}

function planHandlers(os: Implementer, services: Services) {
  const { transfers, ports } = services;
  return {
    plan: os.transfers.plan.handler(({ input, signal }) =>
      stoppableStream(signal, async function* (signal) {
        const request = await toPlanRequest(randomUUID(), input, services, signal);
        const describe = (error: unknown): string => formatError(error, ports.logger);
        for await (const event of transfers.plan(request, signal)) yield* toPlanEvents(event, describe);
      }),
    ),

    start: os.transfers.start.handler(({ input }) => ({
      transferId: transfers.start(input.planId, toDecisions(input.decisions)).jobId,
    })),

    decide: os.transfers.decide.handler(({ input }) =>
      toTransfer(transfers.decide(input.transferId, toDecisions(input.decisions))),
    ),
  };
}

function steerHandlers(os: Implementer, { transfers }: Services) {
  return {
    pause: os.transfers.pause.handler(({ input }) => toTransfer(transfers.pause(input.transferId))),
    resume: os.transfers.resume.handler(({ input }) => toTransfer(transfers.resume(input.transferId))),
    cancel: os.transfers.cancel.handler(async ({ input }) => toTransfer(await transfers.cancel(input.transferId))),
    retry: os.transfers.retry.handler(({ input }) => toTransfer(transfers.retry(input.transferId))),
    move: os.transfers.move.handler(({ input }) => ({ moved: transfers.move(input.transferId, input.position) })),
    remove: os.transfers.remove.handler(({ input }) => ({ removedCount: transfers.remove(input.transferIds) })),
    pauseAll: os.transfers.pauseAll.handler(() => ({ count: transfers.pauseAll() })),
    resumeAll: os.transfers.resumeAll.handler(() => ({ count: transfers.resumeAll() })),
  };
}

function toDecisions(decisions: Readonly<Record<string, RowDecision>>): ReadonlyMap<string, RowDecision> {
  return new Map(Object.entries(decisions));
}
