import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createSystemClock } from '#main/core/system/system-clock.ts';
import type { TransferJournal } from '#main/core/storage/journal/journal-types.ts';
import { openJournal } from '#main/core/storage/journal/open-journal.ts';
import { recordingLogger } from './engine.ts';
import type { ConflictPolicy } from '#main/core/transfer/plan/plan-types.ts';
import { image, into, type Registries, startTransferRig } from './transfers.ts';

/** What the process is to do; it prints one JSON line when it has come to an end without being killed. */
export type ChildTask = {
  readonly dataDir: string;
  readonly registries: Registries;
  /** `repository:tag` of `a`, to be copied to `b`. Absent: go on with what the journal holds. */
  readonly copy?: string;
  /** What its tag is called there; the same when absent. */
  readonly tag?: string;
  /** Absent: whatever is there goes. */
  readonly conflict?: ConflictPolicy;
  /** Before the write of this number to the journal, counted from 1, the process kills itself with SIGKILL. */
  readonly killAt?: number;
};

export type ChildEnd = { readonly states: readonly string[]; readonly journalWrites: number };

/**
 * Runs a task in a process of its own; undefined when it was killed.
 * @param onStart gets what kills it at once, as `kill -9` does
 */
export async function runTransferChild(
  task: ChildTask,
  onStart?: (kill: () => void) => void,
): Promise<ChildEnd | undefined> {
  const args = [import.meta.filename, JSON.stringify(task)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onStart?.(() => child.kill('SIGKILL'));
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (signal === 'SIGKILL') return undefined;
  if (code !== 0) throw new Error(`it ended with ${code}`);
  return JSON.parse(output) as ChildEnd;
}

/** But for lines of the log, which nothing depends on. */
const WRITES: ReadonlySet<string> = new Set([
  'addJob',
  'setState',
  'setOrder',
  'changeRow',
  'keepSession',
  'removeJobs',
  'noteState',
  'noteRow',
  'noteBlob',
  'dropSession',
  'forgetContent',
  'flush',
]);

async function main(task: ChildTask): Promise<void> {
  const { dataDir, registries, copy, tag, conflict = 'overwrite', killAt = Number.POSITIVE_INFINITY } = task;
  let writes = 0;
  const { journal } = openJournal({
    dataDir,
    logger: recordingLogger(),
    clock: createSystemClock(),
    onFailure: (error) => {
      throw error;
    },
  });
  const counted = new Proxy(journal, {
    get: (target, name: keyof TransferJournal) => {
      const method = target[name] as (...args: readonly unknown[]) => unknown;
      if (!WRITES.has(name)) return method;
      return (...args: readonly unknown[]) => {
        writes += 1;
        if (writes === killAt) process.kill(process.pid, 'SIGKILL');
        return method(...args);
      };
    },
  });
  const rig = await startTransferRig(registries, { dataDir, journal: counted });
  if (copy !== undefined) {
    const { planId } = await rig.plan([image('a', copy)], into('b', '{repository}', tag), { conflict });
    rig.transfers.start(planId, new Map());
  }
  const states: string[] = [];
  for (const { jobId } of rig.transfers.list()) {
    states.push((await rig.until(jobId, 'done', 'failed', 'conflict', 'paused')).state);
  }
  await rig.close();
  journal.close();
  console.log(JSON.stringify({ states, journalWrites: writes } satisfies ChildEnd));
}

if (process.argv[1] === import.meta.filename) await main(JSON.parse(process.argv[2] ?? '{}') as ChildTask);
