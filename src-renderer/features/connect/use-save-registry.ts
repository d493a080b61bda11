import type { AppError } from '#shared/api/app-error.ts';
import type { ConnectionInput, Registry } from '#shared/api/registries.ts';
import { useNavigate } from 'react-router';
import { destinationOf } from '../../lib/go-to-reference.ts';
import { registryPath } from '../../lib/paths.ts';
import { registryRowId } from '../../lib/tree-rows.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { useAddRegistry, useUpdateRegistry } from '../../queries/registries.ts';
import { useTreeState } from '../../state/tree-state.ts';
import { announce } from '../../ui/announcer.tsx';

export type SaveRegistry = {
  readonly save: (input: ConnectionInput) => void;
  readonly reset: () => void;
  readonly isSaving: boolean;
  readonly error: AppError | undefined;
};

/** Stores the form; then the registry is open in the tree and shown, or what was pasted in it is. */
export function useSaveRegistry(
  registryId: string | undefined,
  thenReference: string | undefined,
  onSaved: () => void,
): SaveRegistry {
  const navigate = useNavigate();
  const setExpanded = useTreeState((state) => state.setExpanded);
  const add = useAddRegistry();
  const update = useUpdateRegistry();
  const onAdded = (registry: Registry) => {
    onSaved();
    setExpanded([registryRowId(registry.id)], true);
    const wanted = thenReference === undefined ? undefined : destinationOf(thenReference, [registry]);
    void navigate(wanted?.kind === 'path' ? wanted.path : registryPath(registry.id));
    announce(`Added ${registry.label}`);
  };
  const onUpdated = (registry: Registry) => {
    onSaved();
    announce(`Saved ${registry.label}`);
  };
  const failed = registryId === undefined ? add.error : update.error;
  return {
    save: (input) => {
      if (registryId === undefined) add.mutate(input, { onSuccess: onAdded });
      else update.mutate({ ...input, id: registryId }, { onSuccess: onUpdated });
    },
    reset: () => {
      add.reset();
      update.reset();
    },
    isSaving: add.isPending || update.isPending,
    error: failed === null ? undefined : appErrorOf(failed),
  };
}
