import type { Digest } from '#shared/oci/digest.ts';
import type { ContentSource, ManifestBytes } from '../ends.ts';
import { decideRow } from './decide-row.ts';
import type { ExpandedRow, PlannedRow } from './plan-types.ts';
import { platformsOf, readContent, readReferrers, resultManifest } from './row-content.ts';
import { type Looked, NOTHING, type RowContext, type RowResult } from './row-context.ts';
import { destinationText, namesOf, type RowNames, waitsForDigest } from './row-names.ts';
import { planWrites } from './row-writes.ts';

/** The names, claimed, when they can be known before anything is looked at. @throws {TransferError} */
export function claimNames(row: ExpandedRow, { target, claims }: RowContext): RowNames | undefined {
  if (waitsForDigest(target)) return undefined;
  const names = namesOf(target, row.name, undefined);
  claims.claim(names);
  return names;
}

/** A row that came to nothing. */
export function failedRow(texts: Pick<PlannedRow, 'rowId' | 'source' | 'destination'>, error: unknown): PlannedRow {
  return { ...texts, ...NOTHING, state: { kind: 'failed', error } };
}

/**
 * One row, looked at from both ends; `names` as `claimNames` gave them. Rejects only when the plan is stopped: any other
 * failure is the row's state.
 */
export async function planRow(row: ExpandedRow, names: RowNames | undefined, context: RowContext): Promise<PlannedRow> {
  let known = names;
  const texts = () => ({
    rowId: row.rowId,
    source: row.sourceText,
    destination: known === undefined ? context.target.text : destinationText(context.target, known),
  });
  try {
    const source = await context.openSource(row);
    const root = known === undefined ? await readRoot(row, source, context) : undefined;
    known ??= claimLate(row, root?.digest, context);
    const knowledge = await context.openDestination(known);
    return { ...texts(), ...(await lookAtBothEnds({ row, names: known, source, knowledge }, root, context)) };
  } catch (error) {
    context.signal.throwIfAborted();
    return failedRow(texts(), error);
  }
}

function claimLate(row: ExpandedRow, digest: Digest | undefined, { target, claims }: RowContext): RowNames {
  const names = namesOf(target, row.name, digest);
  claims.claim(names);
  return names;
}

async function readRoot(
  row: ExpandedRow,
  source: ContentSource,
  { shelf, signal }: RowContext,
): Promise<ManifestBytes> {
  return shelf.keep(await source.getManifest(row.reference, { signal }));
}

async function lookAtBothEnds(
  ends: Omit<Looked, 'existing'>,
  known: ManifestBytes | undefined,
  context: RowContext,
): Promise<RowResult> {
  const { row, source, names, knowledge } = ends;
  const { missingOnly } = context.options;
  const read = async () => known ?? readRoot(row, source, context);
  // A plan of many rows looks before it reads; one of a few reads meanwhile, which is a round trip less.
  const reading = known === undefined && (context.isBulk || missingOnly) ? undefined : read();
  reading?.catch(() => undefined);
  const existing = names.tag === undefined ? undefined : await knowledge.headManifest(names.tag);
  if (existing !== undefined && missingOnly) {
    return { ...NOTHING, state: { kind: 'skipped', reason: 'missing-only' } };
  }
  const looked = { ...ends, existing };
  const atSource = reading === undefined ? await headSource(looked, context) : undefined;
  if (atSource !== undefined && atSource === existing) return planKnown(looked, atSource, context);
  return planContent(looked, await (reading ?? read()), context);
}

/** What the source's tag means, where that is cheap to know and no cut will change it. */
async function headSource(looked: Looked, { options, signal }: RowContext): Promise<Digest | undefined> {
  const { row, source, existing } = looked;
  if (existing === undefined || options.platforms.length > 0) return undefined;
  return source.headManifest?.(row.reference, { signal });
}

/** The same digest at both ends: nothing to do but for what has come to refer to it since. */
async function planKnown(looked: Looked, digest: Digest, context: RowContext): Promise<RowResult> {
  if (await hasAllReferrers(looked, digest, context)) {
    return { ...NOTHING, sourceDigest: digest, resultDigest: digest, state: { kind: 'up-to-date' } };
  }
  return planContent(looked, await context.shelf.load(looked.source, digest, context.signal), context);
}

/** Of the manifest itself: those of an index's children are looked for only when the index is copied. */
async function hasAllReferrers({ source, knowledge }: Looked, digest: Digest, context: RowContext): Promise<boolean> {
  const found = await readReferrers([digest], { ...context, source });
  const isThere = await Promise.all(
    found.map(async ({ graph, tag }) => {
      const { digest } = graph.root.manifest;
      // Under a tag of its own the destination may have signatures that the source has not: those stay.
      const there = await knowledge.headManifest(tag ?? digest);
      return tag === undefined ? there === digest : there !== undefined;
    }),
  );
  return isThere.every(Boolean);
}

async function planContent(looked: Looked, root: ManifestBytes, context: RowContext): Promise<RowResult> {
  const { source, existing } = looked;
  const given = { ...context, source };
  const result = await resultManifest(root, given);
  const refusal = looked.knowledge.destination.refuse?.(result);
  if (refusal !== undefined) throw refusal;
  const digests = { sourceDigest: root.digest, resultDigest: result.digest };
  if (existing === result.digest && (await hasAllReferrers(looked, result.digest, context))) {
    return { ...NOTHING, ...digests, state: { kind: 'up-to-date' } };
  }
  const content = await readContent(result, root.digest, given);
  const { node, ...writes } = await planWrites(looked, { ...content, ...digests }, context);
  const described = { kind: node.kind, platforms: platformsOf(node) };
  return decideRow(looked, { ...digests, ...described, ...writes }, context);
}
