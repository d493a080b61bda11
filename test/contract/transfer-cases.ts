import { expect } from 'vitest';
import type { PlanRow, TransferState } from '#shared/api/transfers.ts';
import { appErrorOf } from '#test/support/app-error-of.ts';
import type { ProcedureName } from '#test/support/contract-procedures.ts';
import type { ApiClient } from '#test/support/transports.ts';
import type { Case, Sample } from './case-context.ts';

/** One true use of each procedure of `transfers`. */
export const TRANSFER_CASES: Readonly<Record<Extract<ProcedureName, `transfers.${string}`>, Case>> = {
  'transfers.plan': async ({ client, sample }) => {
    const { rows, planId } = await planCopy(client, sample, 'plan');
    expect(planId).not.toBe('');
    expect(rows).toMatchObject([{ state: { kind: 'ready' }, kind: 'index', bytesToSend: 0 }]);
    expect(rows[0]?.bytesMountable).toBe(rows[0]?.bytesTotal);
  },

  'transfers.start': async ({ client, sample }) => {
    const transferId = await startCopy(client, sample, 'start');
    const { transfer, rows } = await untilState(client, transferId, 'done');
    expect(transfer).toMatchObject({ kind: 'copy', rowCount: 1, doneRowCount: 1, failedRowCount: 0 });
    expect(rows).toMatchObject([{ state: 'done' }]);
    const { registryId, tag, repository } = sample;
    const copied = await client.images.get({ registryId, repository: 'copies/start', reference: tag });
    expect(copied.digest).toBe((await client.images.get({ registryId, repository, reference: tag })).digest);
  },

  'transfers.watch': async ({ client, sample }) => {
    const transferId = await startCopy(client, sample, 'watch');
    for await (const event of await client.transfers.watch()) {
      const transfers = event.kind === 'snapshot' ? event.transfers : event.changed;
      if (transfers.some((each) => each.transferId === transferId && each.state === 'done')) break;
    }
  },

  'transfers.watchOne': async ({ client, sample }) => {
    const transferId = await startCopy(client, sample, 'watch-one');
    const detail = await untilState(client, transferId, 'done');
    expect(detail.blobs.length).toBe(detail.blobCount);
  },

  'transfers.pause': async ({ client, sample }) => {
    const transferId = await startCopy(client, sample, 'pause');
    await client.transfers.pause({ transferId });
    const { transfer } = await untilState(client, transferId, 'paused', 'done');
    expect((await client.transfers.pause({ transferId })).state).toBe(transfer.state);
  },

  'transfers.resume': async ({ client, sample }) => {
    const transferId = await startCopy(client, sample, 'resume');
    await client.transfers.pause({ transferId });
    await untilState(client, transferId, 'paused', 'done');
    await client.transfers.resume({ transferId });
    expect((await untilState(client, transferId, 'done')).transfer.doneRowCount).toBe(1);
  },

  'transfers.cancel': async ({ client, sample }) => {
    const transferId = await startCopy(client, sample, 'cancel');
    expect(['cancelled', 'done']).toContain((await client.transfers.cancel({ transferId })).state);
  },

  'transfers.retry': async ({ client, sample }) => {
    const transferId = await startCopy(client, sample, 'retry');
    await client.transfers.cancel({ transferId });
    await client.transfers.retry({ transferId });
    expect((await untilState(client, transferId, 'done')).transfer.failedRowCount).toBe(0);
  },

  'transfers.decide': async ({ client, sample }) => {
    const transferId = await startCopy(client, sample, 'decide');
    await untilState(client, transferId, 'done');
    const decisions = { '0': { kind: 'overwrite' } } as const;
    const refusal = await appErrorOf(client.transfers.decide({ transferId, decisions }));
    expect(refusal).toMatchObject({ kind: 'invalid-input' });
    expect(await client.transfers.decide({ transferId, decisions: {} })).toMatchObject({ state: 'done' });
  },

  'transfers.move': async ({ client, sample }) => {
    const transferId = await startCopy(client, sample, 'move');
    await untilState(client, transferId, 'done');
    expect(await client.transfers.move({ transferId, position: 0 })).toEqual({ moved: false });
  },

  'transfers.remove': async ({ client, sample }) => {
    const transferId = await startCopy(client, sample, 'remove');
    await untilState(client, transferId, 'done');
    const transferIds = [transferId];
    expect(await client.transfers.remove({ transferIds })).toEqual({ removedCount: 1 });
    expect(await client.transfers.remove({ transferIds })).toEqual({ removedCount: 0 });
    expect(await appErrorOf(client.transfers.retry({ transferId }))).toMatchObject({
      kind: 'not-found',
      what: 'transfer',
    });
  },

  'transfers.pauseAll': async ({ client }) => {
    expect((await client.transfers.pauseAll()).count).toBeGreaterThanOrEqual(0);
  },

  'transfers.resumeAll': async ({ client }) => {
    expect((await client.transfers.resumeAll()).count).toBeGreaterThanOrEqual(0);
  },

  'transfers.chooseDestination': async ({ client }) => {
    const { chosen } = await client.transfers.chooseDestination({ format: 'oci-tar', suggestedName: 'app.tar' });
    expect(chosen?.name).toBe('images.tar.saved');
  },

  'transfers.reveal': async ({ client }) => {
    expect(await appErrorOf(client.transfers.reveal({ transferId: 'none' }))).toMatchObject({ kind: 'not-found' });
  },

  'transfers.downloadLink': async ({ client }) => {
    const asked = client.transfers.downloadLink({ transferId: 'none' });
    expect(await appErrorOf(asked)).toMatchObject({ kind: 'not-found' });
  },
};

async function planCopy(client: ApiClient, { registryId, repository, tag }: Sample, name: string) {
  const plan = await client.transfers.plan({
    items: [{ kind: 'image', registryId, repository, reference: tag }],
    destination: { kind: 'registry', registryId, repository: `copies/${name}`, tag: '{tag}' },
    options: {},
  });
  const rows: PlanRow[] = [];
  for await (const event of plan) {
    if (event.kind === 'rows') rows.push(...event.rows);
    if (event.kind === 'done') return { rows, planId: event.planId };
  }
  throw new Error('the plan did not end');
}

async function startCopy(client: ApiClient, sample: Sample, name: string): Promise<string> {
  const { planId } = await planCopy(client, sample, name);
  return (await client.transfers.start({ planId })).transferId;
}

async function untilState(client: ApiClient, transferId: string, ...states: readonly TransferState[]) {
  for await (const detail of await client.transfers.watchOne({ transferId })) {
    if (states.includes(detail.transfer.state)) return detail;
  }
  throw new Error(`${transferId} is gone`);
}
