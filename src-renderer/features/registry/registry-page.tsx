import { useParams } from 'react-router';
import { useRegistries } from '../../queries/registries.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { UnknownIcon } from '../../ui/icons.ts';
import { RegistryHeader } from './registry-header.tsx';
import { RepositoryList } from './repository-list.tsx';
import css from './registry.module.css';

/** One registry: how it is reached, and what it holds. */
export function RegistryPage() {
  const { registryId } = useParams();
  const registries = useRegistries().data;
  const registry = registries?.find(({ id }) => id === registryId);
  if (registry === undefined) {
    return registries === undefined ? null : (
      <EmptyState icon={UnknownIcon} title="This registry is not in the list">
        It may have been removed in another window.
      </EmptyState>
    );
  }
  return (
    <div className={css['page']}>
      <RegistryHeader registry={registry} />
      <RepositoryList key={registry.id} registryId={registry.id} />
    </div>
  );
}
