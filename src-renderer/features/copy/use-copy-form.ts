import { useState } from 'react';
import {
  checkDestination,
  filterErrors,
  hasErrors,
  NO_FILTER,
  planToRegistry,
  readFilter,
  type DestinationForm,
  type OptionsForm,
  type TagFilterForm,
} from '../../lib/copy-form.ts';
import { itemsOf, sourceName, type CopySource } from '../../lib/copy-sources.ts';
import { patternsFor, type DropPlace } from '../../lib/drop-place.ts';
import { sourceFacts } from '../../lib/name-pattern.ts';
import { useRegistries } from '../../queries/registries.ts';
import { FIRST_CHOICES, useCopyChoices, type CopyChoices } from '../../state/copy-choices.ts';

export type CopyForm = DestinationForm & TagFilterForm & OptionsForm;

function optionsOf({ platforms, referrers, foreignLayers, conflict, missingOnly }: CopyForm): OptionsForm {
  return { platforms, referrers, foreignLayers, conflict, missingOnly };
}

function choicesOf({ repository, tag, referrers, foreignLayers, conflict, missingOnly }: CopyForm): CopyChoices {
  return { repository, tag, referrers, foreignLayers, conflict, missingOnly };
}

/** Where a copy goes that nobody has said a place for: where the last one went, else somewhere else than it is. */
function firstRegistry(
  sources: readonly CopySource[],
  registries: readonly { readonly id: string }[],
  last: string | undefined,
): string {
  const known = registries.map(({ id }) => id);
  if (last !== undefined && known.includes(last)) return last;
  const from = sources[0]?.registryId;
  return known.find((id) => id !== from) ?? known[0] ?? '';
}

/** The first step of a copy: what was chosen for this destination the last time, until something else is typed. */
export function useCopyForm(sources: readonly CopySource[], place: DropPlace | undefined) {
  const registries = useRegistries().data ?? [];
  const { lastRegistryId, byRegistry, remember } = useCopyChoices();
  const hostOf = (registryId: string) => registries.find(({ id }) => id === registryId)?.host ?? registryId;
  const [form, setForm] = useState<CopyForm>(() => {
    const registryId = place?.registryId ?? firstRegistry(sources, registries, lastRegistryId);
    const remembered = byRegistry[registryId] ?? FIRST_CHOICES;
    const names = place === undefined ? {} : patternsFor(sources, place);
    return { ...NO_FILTER, ...remembered, ...names, registryId, platforms: [] };
  });
  const change = (changed: Partial<CopyForm>) => {
    setForm((before) => {
      const { registryId } = changed;
      const remembered = registryId === undefined ? undefined : byRegistry[registryId];
      // Another destination brings its own choices along; what was typed for the old one meant the old one.
      return remembered === undefined ? { ...before, ...changed } : { ...before, ...remembered, ...changed };
    });
  };
  const check = checkDestination(
    form,
    sources.map((source) => sourceFacts(source, hostOf(source.registryId))),
  );
  const hasRepositories = sources.some(({ kind }) => kind === 'repository');
  const errors = { ...check.errors, ...(hasRepositories ? filterErrors(form) : {}) };
  const input = planToRegistry(itemsOf(sources, readFilter(form)), form, optionsOf(form));
  return {
    form,
    change,
    check,
    errors,
    names: sources.map(sourceName),
    host: hostOf(form.registryId),
    hasRepositories,
    isGood: !hasErrors(errors),
    refusal: hasErrors(errors) ? 'Mend what is marked above' : undefined,
    input,
    remember: () => {
      remember(form.registryId, choicesOf(form));
    },
  };
}
