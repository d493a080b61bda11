import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { registryPath, repositoryPath } from '../../lib/paths.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { useRegistries } from '../../queries/registries.ts';
import { repositoriesQuery } from '../../queries/repositories.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { ChevronRightIcon, LocalRegistryIcon, RepositoryIcon } from '../../ui/icons.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { SAMPLE_NOTES } from './sample-notes.ts';
import css from './welcome.module.css';

/** All the samples; a Local registry of one's own may hold more. */
const SHOWN = 12;

type ListProps = { readonly registryId: string };

function RepositoryLinks({ registryId }: ListProps) {
  const query = useInfiniteQuery(repositoriesQuery(registryId));
  const { data, error, refetch } = query;
  if (error !== null) return <ErrorState compact error={appErrorOf(error)} actions={{ retry: () => void refetch() }} />;
  if (data === undefined) {
    return (
      <ul className={css['list']} aria-busy>
        {['60%', '45%', '70%', '52%'].map((width) => (
          <li key={width} className={css['skeletonRow']}>
            <Skeleton width={width} />
          </li>
        ))}
      </ul>
    );
  }
  const repositories = data.pages.flatMap((page) => page.repositories);
  if (repositories.length === 0) {
    return <EmptyState title="The Local registry is empty">Push an image to it, as shown below.</EmptyState>;
  }
  const isMore = repositories.length > SHOWN || query.hasNextPage;
  return (
    <>
      <ul className={css['list']}>
        {repositories.slice(0, SHOWN).map((repository) => (
          <li key={repository}>
            <Link to={repositoryPath({ registryId, repository })} className={css['rowLink']}>
              <RepositoryIcon size={16} aria-hidden />
              <span className={css['rowWords']}>
                <span className={css['rowText']}>
                  <SafeText text={repository} />
                </span>
                <span className={css['rowNote']}>{SAMPLE_NOTES[repository]}</span>
              </span>
              <ChevronRightIcon size={14} aria-hidden />
            </Link>
          </li>
        ))}
      </ul>
      <Link to={registryPath(registryId)} className={css['all']}>
        {isMore ? `These are the first ${Math.min(SHOWN, repositories.length)}: show all` : 'Open the Local registry'}
      </Link>
    </>
  );
}

/** What is in the Local registry, each a link to the real thing. */
export function SampleImages() {
  const local = useRegistries().data?.find(({ kind }) => kind === 'local');
  return (
    <section className={css['card']} aria-labelledby="samples">
      <h2 id="samples" className={css['cardTitle']}>
        <LocalRegistryIcon size={16} aria-hidden />
        In your Local registry
      </h2>
      <p className={css['note']}>A real registry on this machine, filled with sample images to look at.</p>
      {local !== undefined && <RepositoryLinks registryId={local.id} />}
    </section>
  );
}
