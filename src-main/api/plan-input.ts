import type { PlanInput, TransferDestination, TransferItem } from '#shared/api/transfers.ts';
import { isDigest } from '#shared/oci/digest.ts';
import { InvalidInputError } from '../core/gantry-error.ts';
import type { PlanItem, PlanTarget } from '../core/transfer/plan/plan-types.ts';
import { compileTagFilter } from '../core/transfer/select/tag-filter.ts';
import type { PlanRequest } from '../core/transfer/transfers-types.ts';
import { hostOf } from './describe-registry.ts';
import type { Services } from './services.ts';

/** What is asked for, in the engine's words. @throws {NotFoundError} {InvalidInputError} */
export function toPlanRequest(planId: string, input: PlanInput, services: Services): PlanRequest {
  return {
    planId,
    items: input.items.map((item) => toItem(item, services)),
    target: toTarget(input.destination, services),
    options: input.options,
  };
}

function toItem(item: TransferItem, services: Services): PlanItem {
  if (item.kind === 'archive-image') throw new InvalidInputError('items', 'archives cannot be read yet');
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

function toTarget(destination: TransferDestination, services: Services): PlanTarget {
  if (destination.kind !== 'registry') throw new InvalidInputError('destination', 'files cannot be written yet');
  const { registryId, repository, tag } = destination;
  return { kind: 'registry', registryId, text: hostOf(services.book.get(registryId), services), repository, tag };
}
