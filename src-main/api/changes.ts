import type { Implementer } from './error-boundary.ts';
import type { Services } from './services.ts';
import { stoppableStream } from './stoppable-stream.ts';

/** `changes.*` */
export function changesHandlers(os: Implementer, { changes }: Services) {
  return {
    watch: os.changes.watch.handler(({ signal }) => stoppableStream(signal, (signal) => changes.watch(signal))),
  };
}
