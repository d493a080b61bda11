import type { PlanInput, TransferItem } from '#shared/api/transfers.ts';
import { useState } from 'react';
import { archiveFacts, archiveImageName, choicesOf, type ArchiveChoice } from '../../lib/archive-text.ts';
import {
  checkDestination,
  hasErrors,
  planToRegistry,
  type DestinationForm,
  type OptionsForm,
} from '../../lib/copy-form.ts';
import type { DropPlace } from '../../lib/drop-place.ts';
import { hostOf } from '../../queries/known-image.ts';
import { useRegistries } from '../../queries/registries.ts';
import { useOpenArchives } from '../../queries/use-open-archives.ts';
import type { TransferDraft } from '../../lib/transfer-draft.ts';
import { FIRST_CHOICES, useCopyChoices } from '../../state/copy-choices.ts';

export type PushForm = DestinationForm & OptionsForm;

/** The names a push to this place means: what the archive says, or the repository it was dropped on. */
function patternsAt(place: DropPlace | undefined): Pick<DestinationForm, 'repository' | 'tag'> {
  if (place?.kind === 'repository') return { repository: place.repository, tag: '{tag}' };
  if (place?.kind === 'folder') return { repository: `${place.path}/{name}`, tag: '{tag}' };
  return { repository: '{repository}', tag: '{tag}' };
}

function itemOf({ archive, image }: ArchiveChoice): TransferItem {
  return { kind: 'archive-image', archiveId: archive.archiveId, index: image.index };
}

function refusalOf(isBusy: boolean, chosenCount: number, isGood: boolean): string | undefined {
  if (chosenCount > 0) return isGood ? undefined : 'Mend what is marked above';
  return isBusy ? 'The archive is still being read' : 'Choose an archive with an image in it';
}

/** The first step of a push: archives, which of their images, and where to. */
export function usePushForm({ archives: first, place }: Extract<TransferDraft, { kind: 'push' }>) {
  const registries = useRegistries().data ?? [];
  const { lastRegistryId, byRegistry } = useCopyChoices();
  const archives = useOpenArchives(first);
  const [leftOut, setLeftOut] = useState<ReadonlySet<string>>(new Set());
  const [form, setForm] = useState<PushForm>(() => {
    const registryId = place?.registryId ?? registries.find(({ id }) => id === lastRegistryId)?.id ?? 'local';
    return { ...(byRegistry[registryId] ?? FIRST_CHOICES), ...patternsAt(place), registryId, platforms: [] };
  });
  const choices = choicesOf(archives.list.flatMap((each) => (each.state === 'open' ? [each.archive] : [])));
  const chosen = choices.filter(({ key }) => !leftOut.has(key));
  const check = checkDestination(
    form,
    chosen.map(({ image }) => archiveFacts(image)),
  );
  const isBusy = archives.list.some(({ state }) => state === 'uploading' || state === 'reading');
  const isGood = chosen.length > 0 && !hasErrors(check.errors);
  const { platforms, referrers, foreignLayers, conflict, missingOnly } = form;
  const input: PlanInput | undefined = isGood
    ? planToRegistry(chosen.map(itemOf), form, { platforms, referrers, foreignLayers, conflict, missingOnly })
    : undefined;
  return {
    form,
    archives,
    choices,
    chosen,
    leftOut,
    check,
    names: chosen.map(({ image }) => archiveImageName(image)),
    host: hostOf(form.registryId),
    platforms: [...new Set(chosen.flatMap(({ image }) => image.platforms))],
    refusal: refusalOf(isBusy, chosen.length, isGood),
    input,
    change: (changed: Partial<PushForm>) => {
      setForm((before) => ({ ...before, ...changed }));
    },
    toggle: (key: string) => {
      const next = new Set(leftOut);
      if (!next.delete(key)) next.add(key);
      setLeftOut(next);
    },
  };
}

export type Push = ReturnType<typeof usePushForm>;
