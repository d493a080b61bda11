import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toAppError } from '#main/api/to-app-error.ts';
import type { Clock } from '#main/core/ports.ts';
import { createRegistryClient } from '#main/core/registry/create-registry-client.ts';
import type { RegistryClient, RegistryConnection } from '#main/core/registry/registry-client.ts';
import { createTransport, type TransportOptions } from '#main/core/registry/transport/create-transport.ts';
import type { LogEntry } from '#main/core/registry/transport/request-log.ts';
import type { RetryPolicy } from '#main/core/registry/transport/retry.ts';
import type { TransferJournal } from '#main/core/storage/journal/journal-types.ts';
import type { FileEnds } from '#main/core/transfer/ends.ts';
import { createEndOpener } from '#main/core/transfer/open-ends.ts';
import type { PlanItem, PlannedRow, PlanOptions, PlanTarget } from '#main/core/transfer/plan/plan-types.ts';
import type { PlanTotals } from '#main/core/transfer/plan/plan-totals.ts';
import type { RowDecision } from '#main/core/transfer/plan/row-decisions.ts';
import type { TagFilter } from '#main/core/transfer/select/tag-filter.ts';
import { openTransfers } from '#main/core/transfer/transfers.ts';
import type { Transfers, TransferView } from '#main/core/transfer/transfers-types.ts';
import { recordingLogger, systemClock } from './engine.ts';

/** Registries by an id of the test's own. */
export type Registries = Readonly<Record<string, Partial<RegistryConnection> & { readonly host: string }>>;

export type TransferRigOptions = {
  readonly dataDir?: string;
  readonly clock?: Clock;
  readonly journal?: TransferJournal;
  readonly files?: FileEnds;
  /** Without jitter, so without a wait, unless it says otherwise. */
  readonly retry?: Partial<RetryPolicy>;
  readonly transport?: Pick<TransportOptions, 'lookup' | 'classify' | 'timeouts'>;
  /** How long `run` and `until` wait for a transfer; a minute when absent. */
  readonly patienceMs?: number;
};

export type Planned = { readonly planId: string; readonly rows: readonly PlannedRow[]; readonly totals: PlanTotals };

/** The transfer engine over real clients, as the app has it, without the app. */
export type TransferRig = {
  readonly transfers: Transfers;
  readonly dataDir: string;
  readonly log: ReturnType<typeof recordingLogger>['lines'];
  /** What the log of requests holds now: of requests without their headers, and of decisions. */
  entries(): Promise<readonly LogEntry[]>;
  /** A client that is not the engine's, to look with. */
  client(registryId: string): RegistryClient;
  /** From now on a client that remembers nothing, as after a sign-in. */
  signInAnew(registryId: string): void;
  plan(items: readonly PlanItem[], target: PlanTarget, options?: Partial<PlanOptions>): Promise<Planned>;
  /** Starts a plan and waits until nothing more happens to it. */
  run(planned: Planned, decisions?: Readonly<Record<string, RowDecision>>): Promise<TransferView>;
  /** Waits until a transfer is in one of these states. */
  until(jobId: string, ...states: readonly TransferView['state'][]): Promise<TransferView>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

const NO_FILES: FileEnds = {
  openSource: () => Promise.reject(new Error('no files in this test')),
  openDestination: () => Promise.reject(new Error('no files in this test')),
};

export async function startTransferRig(
  registries: Registries,
  {
    dataDir: givenDir,
    clock = systemClock,
    journal,
    files = NO_FILES,
    retry = {},
    transport: network = {},
    patienceMs = 60_000,
  }: TransferRigOptions = {},
): Promise<TransferRig> {
  const dataDir = givenDir ?? (await mkdtemp(join(tmpdir(), 'gantry-transfers-')));
  const logger = recordingLogger();
  const transport = createTransport({ ...network, logger, clock, retry: { random: () => 0, ...retry } });
  const clients = new Map<string, RegistryClient>();
  const client = (registryId: string): RegistryClient => {
    const connection = registries[registryId];
    if (connection === undefined) throw new Error(`no registry ${registryId}`);
    const known = clients.get(registryId);
    if (known !== undefined) return known;
    const reach = { plainHttp: true, skipVerification: false, ...connection };
    const made = createRegistryClient(reach, { logger, clock, transport });
    clients.set(registryId, made);
    return made;
  };
  const transfers = openTransfers({
    dataDir,
    logger,
    clock,
    ends: createEndOpener({ get: (registryId) => Promise.resolve(client(registryId)) }, files),
    describeError: (error) => JSON.stringify(toAppError(error, { logger })),
    onWritten: () => undefined,
    ...(journal === undefined ? {} : { journal }),
  });
  const until: TransferRig['until'] = async (jobId, ...states) => {
    for await (const { view } of transfers.watchOne(jobId, AbortSignal.timeout(patienceMs))) {
      if (states.includes(view.state)) return view;
    }
    throw new Error(`${jobId} never came to ${states.join(' or ')}: ${JSON.stringify(transfers.get(jobId))}`);
  };
  let closed: Promise<void> | undefined;
  const close = () =>
    (closed ??= (async () => {
      await transfers.close();
      await transport.close();
      if (givenDir === undefined) await rm(dataDir, { recursive: true, force: true });
    })());
  return {
    transfers,
    dataDir,
    log: logger.lines,
    entries: async () => (await transport.log.watch(new AbortController().signal).next()).value ?? [],
    client,
    signInAnew: (registryId) => void clients.delete(registryId),
    plan: (items, target, options) => planWith(transfers, { items, target, options }),
    run: async ({ planId }, decisions = {}) => {
      const { jobId } = transfers.start(planId, new Map(Object.entries(decisions)));
      return until(jobId, 'done', 'failed', 'conflict', 'cancelled', 'paused');
    },
    until,
    close,
    [Symbol.asyncDispose]: close,
  };
}

let planCount = 0;

async function planWith(
  transfers: Transfers,
  given: {
    readonly items: readonly PlanItem[];
    readonly target: PlanTarget;
    readonly options?: Partial<PlanOptions> | undefined;
  },
): Promise<Planned> {
  planCount += 1;
  const request = {
    planId: `plan-${process.pid}-${planCount}`,
    items: given.items,
    target: given.target,
    options: { ...DEFAULT_OPTIONS, ...given.options },
  };
  for await (const event of transfers.plan(request, new AbortController().signal)) {
    if (event.kind === 'done') return { planId: event.plan.planId, rows: event.plan.rows, totals: event.totals };
  }
  throw new Error('the plan never ended');
}

export const DEFAULT_OPTIONS: PlanOptions = {
  platforms: [],
  referrers: true,
  foreignLayers: 'skip',
  conflict: 'ask',
  missingOnly: false,
};

/** `repository:tag` or `repository@digest` of a registry. */
export function image(registryId: string, reference: string): PlanItem {
  const [, repository = '', separator, name = ''] = /^(.+?)([:@])(.+)$/.exec(reference) ?? [];
  return {
    kind: 'image',
    source: { kind: 'registry', registryId, repository },
    reference: name,
    name: { registry: `${registryId}.example`, repository, ...(separator === ':' ? { tag: name } : {}) },
    text: `${registryId}.example/${reference}`,
  };
}

/** All tags of a repository that pass. */
export function repository(rig: TransferRig, registryId: string, name: string, filter: TagFilter = {}): PlanItem {
  return {
    kind: 'repository',
    source: { kind: 'registry', registryId, repository: name },
    name: { registry: `${registryId}.example`, repository: name },
    text: `${registryId}.example/${name}`,
    filter,
    listTags: async function* listTags(signal) {
      yield (await rig.client(registryId).listTags({ repository: name, signal })).names;
    },
  };
}

/** A registry as destination; the names are the source's unless patterns say otherwise. */
export function into(registryId: string, repositoryPattern = '{repository}', tagPattern = '{tag}'): PlanTarget {
  return {
    kind: 'registry',
    registryId,
    text: `${registryId}.example`,
    repository: repositoryPattern,
    tag: tagPattern,
  };
}
