import type { ContentDestination, ContentSource, EndOpener, EndRef } from '../ends.ts';
import {
  createDestinationKnowledge,
  type DestinationKnowledge,
  type RegistryKnowledge,
} from './destination-knowledge.ts';
import { placeKey } from './plan-types.ts';

/** The ends of one plan, each opened once and closed with it. */
export type PlanEnds = {
  source(ref: EndRef): Promise<ContentSource>;
  destination(ref: EndRef): Promise<DestinationKnowledge>;
  /** What is known of each destination, by `placeKey`. */
  known(): Promise<ReadonlyMap<string, DestinationKnowledge>>;
  close(): Promise<void>;
};

/** Everything is opened and asked under `signal`, the plan's own. `isForWhole` as `createDestinationKnowledge`. */
export function createPlanEnds(
  opener: EndOpener,
  asking: { readonly signal: AbortSignal; readonly isForWhole: boolean },
): PlanEnds {
  const { signal } = asking;
  const sources = new Map<string, Promise<ContentSource>>();
  const destinations = new Map<string, Promise<DestinationKnowledge>>();
  const registries = new Map<string, RegistryKnowledge>();

  const registryOf = ({ place }: ContentDestination): RegistryKnowledge => {
    const key = place?.registryKey ?? '';
    const registry = registries.get(key) ?? { coming: new Set() };
    registries.set(key, registry);
    return registry;
  };
  const learn = async (ref: EndRef): Promise<DestinationKnowledge> => {
    const destination = await opener.openDestination(ref, { signal });
    return createDestinationKnowledge(destination, registryOf(destination), asking);
  };

  return {
    source: (ref) => once(sources, placeKey(ref), () => opener.openSource(ref, { signal })),
    destination: (ref) => once(destinations, placeKey(ref), () => learn(ref)),
    known: async () => {
      const entries = await Promise.allSettled(
        [...destinations].map(async ([key, knowledge]) => [key, await knowledge] as const),
      );
      return new Map(entries.flatMap((entry) => (entry.status === 'fulfilled' ? [entry.value] : [])));
    },
    close: async () => {
      await Promise.allSettled([
        ...[...sources.values()].map(async (source) => (await source).close()),
        ...[...destinations.values()].map(async (knowledge) => (await knowledge).destination.close()),
      ]);
    },
  };
}

/** A failure is not kept: the next row tries again. */
function once<T>(map: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  made.catch(() => map.delete(key));
  return made;
}
