import type { Clock } from '../../ports.ts';
import type { AtomicWriter } from '../../files.ts';
import type { Layout } from './layout.ts';
import type { KeyedLock } from '../../keyed-lock.ts';
import type { Gate } from './locks.ts';

/** What the parts of one open store share. */
export type StoreContext = {
  readonly layout: Layout;
  readonly writer: AtomicWriter;
  readonly clock: Pick<Clock, 'now'>;
  /** Held shared by whatever makes a reference to content, alone by the sweep. */
  readonly gate: Gate;
  /** One turn at a time per repository (manifests, tags) or upload session. */
  readonly lock: KeyedLock;
  /** Called after a manifest or tag of the repository was written or deleted. */
  readonly changed: (repository: string) => void;
};
