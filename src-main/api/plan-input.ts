import { basename } from 'node:path';
import type { PlanInput, TransferItem } from '#shared/api/transfers.ts';
import { isDigest } from '#shared/oci/digest.ts';
import { InvalidInputError } from '../core/gantry-error.ts';
import type { PlanItem, PlanTarget } from '../core/transfer/plan/plan-types.ts';
import { compileTagFilter } from '../core/transfer/select/tag-filter.ts';
import type { PlanRequest } from '../core/transfer/transfers-types.ts';
import { toArchiveItem } from './archive-item.ts';
import { hostOf } from './describe-registry.ts';
import { downloadPath, type FileDestination, formatFileDestination } from './file-ends.ts';
import type { Services } from './services.ts';

/**
 * What is asked for, in the engine's words. Images of archives are looked up, which may take a while; a ticket is held of
 * each archive, until the engine says that it is free.
 * @throws {NotFoundError} {InvalidInputError} {ArchiveError} {DiskError}
 */
export async function toPlanRequest(
  planId: string,
  input: PlanInput,
  services: Services,
  signal: AbortSignal,
): Promise<PlanRequest> {
  const target = toTarget(planId, input, services);
  const items: PlanItem[] = [];
  try {
    for (const item of input.items) {
      items.push(item.kind === 'archive-image' ? await toArchiveItem(item, services, signal) : toItem(item, services));
    }
  } catch (error) {
    for (const ticket of ticketsOf(items)) await services.archives.giveBackTicket(ticket);
    throw error;
  }
  // Several images of one archive need it once: the plan holds one ticket of it, and gives back one.
  const held = new Set<string>();
  for (const ticket of ticketsOf(items)) {
    if (held.has(ticket)) await services.archives.giveBackTicket(ticket);
    held.add(ticket);
  }
  return { planId, items, target, options: input.options };
}

function ticketsOf(items: readonly PlanItem[]): readonly string[] {
  return items.flatMap(({ source }) => (source.kind === 'file' ? [source.id] : []));
}

function toItem(item: Exclude<TransferItem, { readonly kind: 'archive-image' }>, services: Services): PlanItem {
  const { registryId, repository } = item;
  const registry = hostOf(services.book.get(registryId), services);
  const source = { kind: 'registry', registryId, repository } as const;
  const text = `${registry}/${repository}`;
  if (item.kind === 'image') {
    const { reference } = item;
    const isPinned = isDigest(reference);
    return {
      kind: 'image',
      source,
      reference,
      name: { registry, repository, ...(isPinned ? {} : { tag: reference }) },
      text: `${text}${isPinned ? '@' : ':'}${reference}`,
    };
  }
  const { filter = { include: [], exclude: [] } } = item;
  // Refused before anything is asked of a registry.
  compileTagFilter(filter);
  return { kind: 'repository', source, name: { registry, repository }, text, filter, listTags: tagsOf(item, services) };
}

function tagsOf(
  { registryId, repository }: { readonly registryId: string; readonly repository: string },
  { copyingClients }: Services,
) {
  return async function* listTags(signal: AbortSignal): AsyncGenerator<readonly string[], void, void> {
    let cursor: string | undefined;
    do {
      const client = await copyingClients.get(registryId);
      const at = cursor === undefined ? {} : { cursor };
      const page = await client.listTags({ repository, signal, priority: 'transfer', ...at });
      yield page.names;
      cursor = page.nextCursor;
    } while (cursor !== undefined);
  };
}

function toTarget(planId: string, { destination, options }: PlanInput, services: Services): PlanTarget {
  if (destination.kind === 'registry') {
    const { registryId, repository, tag } = destination;
    return { kind: 'registry', registryId, text: hostOf(services.book.get(registryId), services), repository, tag };
  }
  const common = { format: destination.format, key: planId, eachPlatform: options.platforms.length > 1 };
  if (destination.kind === 'path') {
    const path = services.chosenPaths.get(destination.pathId);
    return toFile({ ...common, path }, basename(path));
  }
  if (destination.format === 'oci-layout') throw new InvalidInputError('destination', 'a folder cannot be downloaded');
  const path = downloadPath(services.ports.paths.dataDir, planId);
  return toFile({ ...common, path, downloadName: destination.fileName }, destination.fileName);
}

function toFile(destination: FileDestination, text: string): PlanTarget {
  return { kind: 'file', ref: { kind: 'file', id: formatFileDestination(destination) }, text };
}
