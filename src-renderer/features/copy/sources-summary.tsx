import type { CopySource } from '../../lib/copy-sources.ts';
import { describeSources, knownSize, partialPaths, sourceName } from '../../lib/copy-sources.ts';
import { formatBytes, formatCount } from '../../lib/format-bytes.ts';
import { useRegistries } from '../../queries/registries.ts';
import { Banner } from '../../ui/banner.tsx';
import { RepositoryIcon, TagIcon } from '../../ui/icons.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import css from './copy.module.css';

export type SourcesSummaryProps = { readonly sources: readonly CopySource[] };

const SHOWN = 4;

/** What will be taken, and from where. */
export function SourcesSummary({ sources }: SourcesSummaryProps) {
  const registries = useRegistries().data ?? [];
  const hosts = [...new Set(sources.map(({ registryId }) => registryId))].map(
    (id) => registries.find((registry) => registry.id === id)?.label ?? id,
  );
  const size = knownSize(sources);
  const rest = sources.length - SHOWN;
  return (
    <section aria-label="What" className={css['sources']}>
      <p className={css['sourcesTitle']}>
        <SafeText text={describeSources(sources)} />
        <span className={css['muted']}>
          {' '}
          from <SafeText text={hosts.join(', ')} />
          {size !== undefined && `, ${size.isAtLeast ? 'at least ' : ''}${formatBytes(size.bytes)}`}
        </span>
      </p>
      {sources.length > 1 && (
        <ul className={css['sourceList']}>
          {sources.slice(0, SHOWN).map((source) => {
            const IconPart = source.kind === 'image' ? TagIcon : RepositoryIcon;
            const name = sourceName(source);
            return (
              <li key={`${source.registryId} ${name}`} className={css['source']}>
                <IconPart size={13} aria-hidden />
                <SafeText text={name} />
              </li>
            );
          })}
          {rest > 0 && <li className={css['muted']}>and {formatCount(rest)} more</li>}
        </ul>
      )}
      {partialPaths(sources).map((path) => (
        <Banner key={path} tone="warning">
          Not all repositories below <SafeText text={path} /> are listed yet, so some may be missing here. “Load all” on
          the page of the registry lists the rest.
        </Banner>
      ))}
    </section>
  );
}
