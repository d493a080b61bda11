import pLimit from 'p-limit';
import type { IdentityToken } from '../registry/registry-client.ts';
import type { RegistryRow } from '../storage/registry-rows.ts';
import { keepRenewed, rereadSecret, type UpkeepDependencies } from './secret-upkeep.ts';

/** What an identity token of the store needs while clients hold it. */
export type TokenUpkeep = {
  readonly keep: (previous: string, renewed: string) => void;
  /** After everything given to `keep` is kept; undefined when the row is not the same any more. */
  readonly reread: () => Promise<string | undefined>;
  /** As `IdentityToken.alone`. */
  readonly alone: NonNullable<IdentityToken['alone']>;
};

/**
 * One lane per stored token, shared by every client that holds it: the pooled one and those of trials. The token may
 * be good for one use, so the second must not spend it while the first waits for its successor. A lane stays as long
 * as the process: a few bytes for each account.
 */
export function createTokenUpkeep(
  dependencies: UpkeepDependencies,
  oneAtATime: <T>(change: () => T | Promise<T>) => Promise<T>,
): (row: RegistryRow) => TokenUpkeep {
  const lanes = new Map<string, ReturnType<typeof pLimit>>();
  return (row) => {
    const key = row.account ?? row.id;
    const lane = lanes.get(key) ?? pLimit(1);
    lanes.set(key, lane);
    return {
      keep: (previous, renewed) => void oneAtATime(() => keepRenewed(row, { previous, renewed }, dependencies)),
      reread: () => oneAtATime(() => rereadSecret(row, dependencies)),
      alone: (work) => lane(work),
    };
  };
}
