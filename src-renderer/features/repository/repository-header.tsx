import { usePin, usePins, useUnpin } from '../../queries/repositories.ts';
import { useRegistry } from '../../queries/registries.ts';
import { useTagPages, type RepositoryRef } from '../../queries/tags.ts';
import { useRefreshRepository } from '../../queries/use-refresh-repository.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { PinIcon, RefreshIcon, RepositoryIcon, UnpinIcon } from '../../ui/icons.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { CopyActions } from './copy-actions.tsx';
import css from './repository.module.css';

export function RepositoryHeader(ref: RepositoryRef) {
  const registry = useRegistry(ref.registryId);
  const refresh = useRefreshRepository(ref);
  const { isFetching } = useTagPages(ref);
  const host = registry.data?.host;
  return (
    <header className={css['header']}>
      <RepositoryIcon size={16} aria-hidden className={css['headerIcon']} />
      <h1 className={css['title']}>
        <SafeText text={ref.repository} />
      </h1>
      {host !== undefined && <CopyButton text={`${host}/${ref.repository}`} what="repository name" />}
      <span className={css['spring']} />
      <CopyActions />
      <PinButton {...ref} />
      <IconButton
        label={isFetching ? 'Refreshing…' : 'Refresh tags'}
        icon={RefreshIcon}
        aria-busy={isFetching}
        onClick={() => {
          void refresh();
        }}
      />
    </header>
  );
}

function PinButton(ref: RepositoryRef) {
  const pins = usePins();
  const pin = usePin();
  const unpin = useUnpin();
  const isPinned = pins.data?.some(
    ({ registryId, repository }) => registryId === ref.registryId && repository === ref.repository,
  );
  const change = isPinned === true ? unpin : pin;
  return (
    <IconButton
      label={isPinned === true ? 'Remove from favourites' : 'Add to favourites'}
      icon={isPinned === true ? UnpinIcon : PinIcon}
      aria-pressed={isPinned === true}
      aria-disabled={isPinned === undefined || change.isPending}
      onClick={() => {
        if (isPinned !== undefined && !change.isPending) change.mutate(ref);
      }}
    />
  );
}
