import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '#main/core/gantry-error.ts';
import { RegistryError } from '#main/core/registry/transport/registry-error.ts';
import { MAX_ROWS } from '#main/core/transfer/plan/expand-items.ts';
import { makePlan, type PlanEvent } from '#main/core/transfer/plan/make-plan.ts';
import { createPlanBook } from '#main/core/transfer/plan/plan-book.ts';
import type { Plan, PlanItem, PlanOptions, PlanTarget } from '#main/core/transfer/plan/plan-types.ts';
import type { TagFilter } from '#main/core/transfer/select/tag-filter.ts';
import { systemClock } from '#test/support/engine.ts';
import { createMemoryEnd, type MemoryEnd, openerOf } from '#test/support/memory-ends.ts';
import { buildImage, buildIndex, buildLayer, digestOf } from '#test/support/oci-builder.ts';
import { createTestClock } from '#test/support/test-clock.ts';
import { DEFAULT_OPTIONS, image, into } from '#test/support/transfers.ts';

type Given = {
  readonly items: readonly PlanItem[];
  readonly target?: PlanTarget;
  readonly options?: Partial<PlanOptions>;
  readonly ends: Readonly<Record<string, MemoryEnd>>;
  readonly signal?: AbortSignal;
};

function plan({ items, target = into('b'), options, ends, signal = new AbortController().signal }: Given) {
  const request = { planId: 'plan', items, target, options: { ...DEFAULT_OPTIONS, ...options } };
  return makePlan(request, { ends: openerOf(ends), clock: systemClock }, signal);
}

async function whole(given: Given) {
  const events: PlanEvent[] = [];
  for await (const event of plan(given)) events.push(event);
  const last = events.at(-1);
  if (last?.kind !== 'done') throw new Error('the plan did not end');
  return { events, plan: last.plan, rows: last.plan.rows, totals: last.totals };
}

const tagsOf = (pages: readonly (readonly string[])[], filter: TagFilter = {}, failure?: Error): PlanItem => ({
  kind: 'repository',
  source: { kind: 'registry', registryId: 'a', repository: 'app' },
  name: { registry: 'a.example', repository: 'app' },
  text: 'a.example/app',
  filter,
  listTags: async function* listTags() {
    for (const page of pages) yield await Promise.resolve(page);
    if (failure !== undefined) throw failure;
  },
});

const ends = () => ({ a: createMemoryEnd('app', 'a'), b: createMemoryEnd('app', 'b') });

describe('makePlan', () => {
  it('plans two thousand tags: what they share is asked for once, and told in few messages', async () => {
    const { a, b } = ends();
    const children = Array.from({ length: 4 }, (_, index) => buildImage({ layers: [buildLayer(`child ${index}`)] }));
    for (const child of children) a.putImage(child);
    const tags = Array.from({ length: 2000 }, (_, index) => `v${index}`);
    for (const [index, tag] of tags.entries()) {
      a.put(buildIndex(children.slice(index % 3), { annotations: { tag } }), tag);
    }
    const started = performance.now();
    const { events, rows, totals, plan } = await whole({
      items: [tagsOf([tags])],
      ends: { a, b },
      options: { referrers: false },
    });
    const elapsed = performance.now() - started;
    expect(rows.map(({ rowId }) => rowId)).toEqual(tags.map((tag) => `0:${tag}`));
    expect(totals).toMatchObject({ rowCount: 2000, readyCount: 2000, failedCount: 0 });
    expect(a.asked).toHaveLength(2000 + children.length);
    // For each tag one HEAD, and one for each child and each blob.
    expect(b.asked).toHaveLength(2000 + children.length + 5);
    expect(events.filter(({ kind }) => kind === 'rows').length).toBeLessThanOrEqual(elapsed / 100 + 2);
    expect(plan.manifests.size).toBe(2004);
    const counted = rows.reduce((sum, { bytesTotal }) => sum + bytesTotal, 0);
    expect(counted).toBe([...a.blobs.values()].reduce((sum, bytes) => sum + bytes.length, 0));
  });

  it('tells how many rows there are as lists are read, and when that is all', async () => {
    const { a, b } = ends();
    a.putImage(buildImage(), '1', '2', '3');
    const { events } = await whole({ items: [tagsOf([['1'], ['2', '3']])], ends: { a, b } });
    const expanded = events.filter((event) => event.kind === 'expanded');
    expect(expanded.at(-1)).toEqual({ kind: 'expanded', rowCount: 3, isWhole: true });
  });

  it('keeps the rows of a list that breaks off, and says that it did', async () => {
    const { a, b } = ends();
    a.putImage(buildImage(), '1');
    const broken = new RegistryError({ kind: 'network', reason: 'reset', host: 'a', detail: '' });
    const { rows, totals } = await whole({ items: [tagsOf([['1']], {}, broken)], ends: { a, b } });
    expect(rows.map(({ state }) => state.kind)).toEqual(['ready', 'failed']);
    expect(rows[1]).toMatchObject({ source: 'a.example/app', state: { error: broken } });
    expect(totals).toMatchObject({ rowCount: 2, readyCount: 1, failedCount: 1 });
  });

  it('lists a tag once that a list has twice, and only those that pass', async () => {
    const { a, b } = ends();
    a.putImage(buildImage(), '1.0', '1.1', 'edge');
    const pages = [
      ['1.0', 'edge'],
      ['1.0', '1.1', '1.1'],
    ];
    const { rows } = await whole({ items: [tagsOf(pages, { semver: '^1' })], ends: { a, b } });
    expect(rows.map(({ rowId }) => rowId)).toEqual(['0:1.0', '0:1.1']);
  });

  it('fails one row and plans the others', async () => {
    const { a, b } = ends();
    a.putImage(buildImage(), '1');
    const { rows } = await whole({
      items: [image('a', 'app:none'), image('a', 'app:1'), image('c', 'app:1')],
      ends: { a, b },
    });
    expect(rows.map(({ state }) => state.kind)).toEqual(['failed', 'ready', 'failed']);
    expect(rows[1]).toMatchObject({ source: 'a.example/app:1', destination: 'b.example/app:1' });
  });

  it('names rows by the digest of the source, where a pattern asks for it', async () => {
    const { a, b } = ends();
    const built = buildImage();
    a.putImage(built, '1');
    const hex = digestOf(built.bytes).slice('sha256:'.length);
    const { rows } = await whole({
      items: [image('a', 'app:1')],
      target: into('b', '{name}', '{digest}'),
      ends: { a, b },
    });
    expect(rows[0]).toMatchObject({ destination: `b.example/app:${hex}`, state: { kind: 'ready' } });
  });

  it('fails a row whose pattern gives no name', async () => {
    const { a, b } = ends();
    a.putImage(buildImage(), '1');
    const { rows } = await whole({ items: [image('a', 'app:1')], target: into('b', 'UPPER/{name}'), ends: { a, b } });
    expect(rows[0]?.state).toMatchObject({ kind: 'failed', error: { reason: 'bad-name' } });
  });

  it('fails a row that the destination refuses', async () => {
    const { a, b } = ends();
    a.putImage(buildImage(), '1');
    const refusal = new InvalidInputError('x', 'not here');
    const refusing = { ...b, destination: { ...b.destination, refuse: () => refusal } };
    const { rows } = await whole({ items: [image('a', 'app:1')], ends: { a, b: refusing } });
    expect(rows[0]?.state).toEqual({ kind: 'failed', error: refusal });
  });

  it('refuses a filter that is none, and more rows than anybody wants', async () => {
    const given = { ends: ends() };
    await expect(whole({ ...given, items: [tagsOf([], { semver: 'new' })] })).rejects.toThrow('semver');
    const tags = Array.from({ length: MAX_ROWS + 1 }, (_, index) => `t${index}`);
    await expect(whole({ ...given, items: [tagsOf([tags])] })).rejects.toMatchObject({ reason: 'too-many' });
  });

  it('stops asking when the reader leaves', async () => {
    const { a, b } = ends();
    const tags = Array.from({ length: 500 }, (_, index) => `t${index}`);
    a.putImage(buildImage(), ...tags);
    for await (const event of plan({ items: [tagsOf([tags])], ends: { a, b } })) if (event.kind === 'expanded') break;
    const asked = a.asked.length + b.asked.length;
    await new Promise((resolve) => void setTimeout(resolve, 50));
    expect(a.asked.length + b.asked.length).toBe(asked);
    expect(asked).toBeLessThan(1500);
  });

  it('rejects with the reason of its signal', async () => {
    const { a, b } = ends();
    a.putImage(buildImage(), '1');
    const reason = new Error('enough');
    const given = { items: [image('a', 'app:1')], ends: { a, b }, signal: AbortSignal.abort(reason) };
    await expect(whole(given)).rejects.toBe(reason);
  });
});

describe('createPlanBook', () => {
  const planOf = (planId: string): Plan => ({
    planId,
    rows: [],
    manifests: new Map(),
    blobs: new Map(),
    options: DEFAULT_OPTIONS,
    target: into('b'),
    sources: [],
    fileSources: [],
  });

  it('gives a plan once', () => {
    const book = createPlanBook(createTestClock());
    book.keep(planOf('a'));
    expect(book.take('a').planId).toBe('a');
    expect(() => book.take('a')).toThrow('too old');
  });

  it('forgets a plan after an hour, and the oldest when there are many', async () => {
    const clock = createTestClock();
    const book = createPlanBook(clock);
    book.keep(planOf('old'));
    await clock.advance(3_600_001);
    for (let index = 0; index < 9; index += 1) book.keep(planOf(`${index}`));
    expect(() => book.take('old')).toThrow('too old');
    expect(() => book.take('0')).toThrow('too old');
    expect(book.take('8').planId).toBe('8');
  });
});
