import { useLocation, useNavigate } from 'react-router';
import { keptLayersText } from '../../lib/kept-layers-text.ts';
import { parsePath, welcomePath } from '../../lib/paths.ts';
import { useKeptLayers } from '../../queries/accounts.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { useRegistry, useRemoveRegistry } from '../../queries/registries.ts';
import { useOpenTabs } from '../../state/open-tabs.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { SafeText } from '../../ui/safe-text.tsx';

export type RemoveDialogProps = { readonly registryId: string; readonly onClose: () => void };

/** Forgets a registry: nothing in the registry itself is touched. */
export function RemoveDialog({ registryId, onClose }: RemoveDialogProps) {
  const registry = useRegistry(registryId).data;
  const remove = useRemoveRegistry();
  const kept = useKeptLayers(registryId).data;
  const told = kept === undefined ? '' : keptLayersText(kept);
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const dropRegistry = useOpenTabs((state) => state.dropRegistry);
  if (registry === undefined) return null;
  const onRemoved = () => {
    onClose();
    const place = parsePath(pathname);
    dropRegistry(registryId);
    if ('registryId' in place && place.registryId === registryId) void navigate(welcomePath(), { replace: true });
  };
  return (
    <ConfirmDialog
      open
      tone="danger"
      title={<SafeText text={`Remove ${registry.label}?`} />}
      confirmLabel="Remove registry"
      busy={remove.isPending}
      onClose={onClose}
      onConfirm={() => {
        remove.mutate({ id: registryId }, { onSuccess: onRemoved });
      }}
    >
      <p>
        Gantry forgets <SafeText text={registry.host} />
        {registry.secret === 'none'
          ? ', its pinned repositories and what was seen of it. '
          : ', its pinned repositories, what was seen of it and the secret it keeps for it. '}
        Nothing in the registry itself is changed.
      </p>
      {told !== '' && <p>{told}</p>}
      {remove.error !== null && <ErrorState compact error={appErrorOf(remove.error)} />}
    </ConfirmDialog>
  );
}
