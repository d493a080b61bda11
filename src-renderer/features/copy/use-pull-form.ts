import type { AppError } from '#shared/api/app-error.ts';
import type { ArchiveFormat } from '#shared/api/archives.ts';
import type { PlanInput, TransferDestination } from '#shared/api/transfers.ts';
import { useState } from 'react';
import { fileNameProblem, suggestFileName } from '../../lib/archive-text.ts';
import { filterErrors, hasErrors, NO_FILTER, readFilter, type TagFilterForm } from '../../lib/copy-form.ts';
import { itemsOf, type CopySource } from '../../lib/copy-sources.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { useHostInfo } from '../../queries/host.ts';
import { useChooseDestination } from '../../queries/transfers.ts';

export type PullForm = TagFilterForm & {
  readonly format: ArchiveFormat;
  readonly fileName: string;
  readonly platforms: readonly string[];
  readonly referrers: boolean;
};

type Chosen = { readonly format: ArchiveFormat; readonly pathId: string; readonly name: string };

function inputOf(sources: readonly CopySource[], form: PullForm, destination: TransferDestination): PlanInput {
  const { platforms, referrers, format } = form;
  return {
    items: itemsOf(sources, readFilter(form)),
    destination,
    options: {
      platforms: [...platforms],
      // A docker archive has no place for them.
      referrers: referrers && format !== 'docker-tar',
      foreignLayers: 'skip',
      conflict: 'ask',
      missingOnly: false,
    },
  };
}

function refusalOf(destination: TransferDestination | undefined, isGood: boolean): string | undefined {
  if (destination === undefined) return 'Choose where to save to';
  return isGood ? undefined : 'Mend what is marked above';
}

function optionalError(error: unknown): AppError | undefined {
  return error === null ? undefined : appErrorOf(error);
}

function toPath({ format, pathId }: Chosen): TransferDestination {
  return { kind: 'path', format, pathId };
}

function toDownload({ format, fileName }: PullForm): TransferDestination {
  return { kind: 'download', format, fileName: fileName.trim() };
}

/** The first step of saving images to a file: the format, and where to. */
export function usePullForm(sources: readonly CopySource[]) {
  const hasDialogs = useHostInfo().data?.capabilities.nativeDialogs === true;
  const choose = useChooseDestination();
  const [form, setForm] = useState<PullForm>({
    ...NO_FILTER,
    format: 'oci-tar',
    fileName: suggestFileName(sources, 'oci-tar'),
    platforms: [],
    referrers: true,
  });
  const [typedName, setTypedName] = useState(false);
  const [chosen, setChosen] = useState<Chosen>();
  const hasRepositories = sources.some(({ kind }) => kind === 'repository');
  const place = chosen?.format === form.format ? chosen : undefined;
  const nameProblem = hasDialogs ? undefined : fileNameProblem(form.fileName);
  const errors = hasRepositories ? filterErrors(form) : {};
  const destination = hasDialogs ? place && toPath(place) : toDownload(form);
  const isGood = destination !== undefined && nameProblem === undefined && !hasErrors(errors);
  return {
    form,
    errors,
    nameProblem,
    hasDialogs,
    hasRepositories,
    place,
    chooseError: optionalError(choose.error),
    refusal: refusalOf(destination, isGood),
    input: isGood ? inputOf(sources, form, destination) : undefined,
    change: (changed: Partial<PullForm>) => {
      if (changed.fileName !== undefined) setTypedName(true);
      const { format } = changed;
      const renamed = format !== undefined && !typedName ? { fileName: suggestFileName(sources, format) } : {};
      setForm((before) => ({ ...before, ...changed, ...renamed }));
    },
    choosePlace: () => {
      const { format } = form;
      choose.mutate(
        { format, suggestedName: suggestFileName(sources, format) },
        {
          onSuccess: (answer) => {
            if (answer.chosen !== undefined) setChosen({ format, ...answer.chosen });
          },
        },
      );
    },
  };
}

export type Pull = ReturnType<typeof usePullForm>;
