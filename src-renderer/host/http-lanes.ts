import type { ClientContext, ClientLink } from '@orpc/client';
import { z } from 'zod';
import { createLanes, type Lanes } from './lanes.ts';

/** A browser opens so many connections to a host, and lets further requests wait. */
const CONNECTIONS = 6;
/** Kept free of calls about registries: one that hangs must leave a way for the rest of the app. */
const SPARE = 1;
const MOST_LANES = 4;

const aboutRegistrySchema = z.object({ registryId: z.string(), again: z.boolean().optional() });
type AboutRegistry = z.infer<typeof aboutRegistrySchema>;

type Stream = AsyncIterator<unknown, unknown, void> & AsyncIterable<unknown>;

function isStream(output: unknown): output is Stream {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output && 'next' in output;
}

/** The same stream, which says once when it is over, whichever way. */
function withEnd(stream: Stream, onEnd: () => void): Stream {
  let isOver = false;
  const end = () => {
    if (!isOver) onEnd();
    isOver = true;
  };
  const watched: Stream = {
    next: async () => {
      try {
        const result = await stream.next();
        if (result.done === true) end();
        return result;
      } catch (error) {
        end();
        throw error;
      }
    },
    return: async (value) => {
      end();
      return stream.return === undefined ? { done: true, value: undefined } : stream.return(value);
    },
    throw: async (error) => {
      end();
      if (stream.throw === undefined) throw error;
      return stream.throw(error);
    },
    [Symbol.asyncIterator]: () => watched,
  };
  return watched;
}

/** How many calls about one registry may be under way while so many streams are open. */
function lanesBeside(streamCount: number): number {
  return Math.max(1, Math.min(MOST_LANES, CONNECTIONS - SPARE - streamCount));
}

/** Rows ask for these by themselves, dozens at a time; everything else somebody has pressed or opened. */
function isForRow(path: readonly string[], { again }: AboutRegistry): boolean {
  return path.join('.') === 'tags.summary' && again !== true;
}

/**
 * Bounds the calls about each registry that are under way at once; what a person waits for goes before the rows in view.
 * All other calls go straight through. An open stream holds a connection for as long as it lasts, so the more of them
 * there are, the fewer calls go beside them.
 */
export function withLanes(link: ClientLink<ClientContext>): ClientLink<ClientContext> {
  const lanesByRegistry = new Map<string, Lanes>();
  let streamCount = 0;
  const countStream = (step: 1 | -1) => {
    streamCount += step;
    for (const lanes of lanesByRegistry.values()) lanes.resize(lanesBeside(streamCount));
  };
  const call: ClientLink<ClientContext>['call'] = async (path, input, options) => {
    const output = await link.call(path, input, options);
    if (!isStream(output)) return output;
    countStream(1);
    return withEnd(output, () => {
      countStream(-1);
    });
  };
  return {
    call: async (path, input, options) => {
      const about = aboutRegistrySchema.safeParse(input);
      if (!about.success) return call(path, input, options);
      const { registryId } = about.data;
      const lanes = lanesByRegistry.get(registryId) ?? createLanes(lanesBeside(streamCount));
      lanesByRegistry.set(registryId, lanes);
      const begin = async () => {
        options.signal?.throwIfAborted();
        return call(path, input, options);
      };
      return lanes.run(begin, { isUrgent: !isForRow(path, about.data) });
    },
  };
}
