import type { ReferrerPage } from '#shared/api/referrers.ts';
import { type Digest, shortDigest } from '#shared/oci/digest.ts';
import { useState } from 'react';
import { formatCount } from '../../lib/format-bytes.ts';
import { countKinds, referrerKind, type ReferrerKind } from '../../lib/referrer-kind.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { useReferrerPages } from '../../queries/referrers.ts';
import type { RepositoryRef } from '../../queries/tags.ts';
import { useErrorActions } from '../../state/use-error-actions.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { OfflineNote } from '../../ui/offline-note.tsx';
import { Section } from '../../ui/section.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { WarningList } from '../../ui/warning-list.tsx';
import { MOST_DEEP } from './most-deep.ts';
import { ReferrerTable } from './referrer-table.tsx';
import css from './referrers.module.css';

export type ReferrerGroupProps = RepositoryRef & {
  readonly digest: Digest;
  readonly title: string;
  readonly aside: string;
  /** What the chain has come by, from the first subject on; nothing is shown twice in it. */
  readonly above?: readonly string[];
};

const NOTHING: readonly string[] = [];

const SOURCES: Readonly<Record<ReferrerPage['source'], string>> = {
  api: 'Found by the referrers API of the registry.',
  tag: 'The registry has no referrers API: found by the fallback tag, which any pusher keeps by hand.',
  none: 'The registry has neither the referrers API nor a fallback tag for this manifest.',
};

/** The referrers of one manifest. */
export function ReferrerGroup({ registryId, repository, digest, title, aside, above = NOTHING }: ReferrerGroupProps) {
  const pages = useReferrerPages({ registryId, repository }, digest);
  const actions = useErrorActions(registryId, () => void pages.refetch());
  return (
    <Section title={title} aside={<code>{aside}</code>}>
      {pages.error !== null && (
        <ErrorState compact={pages.data !== undefined} error={appErrorOf(pages.error)} actions={actions} />
      )}
      {pages.data === undefined
        ? pages.error === null && <Waiting />
        : pages.data.pages[0] !== undefined && (
            <Found
              registryId={registryId}
              repository={repository}
              subject={digest}
              above={[...above, digest]}
              query={pages}
              pages={pages.data.pages}
            />
          )}
    </Section>
  );
}

function Waiting() {
  return (
    <div className={css['waiting']} aria-busy aria-label="Looking for referrers">
      <Skeleton width="46%" />
      <Skeleton width="38%" />
    </div>
  );
}

type FoundProps = RepositoryRef & {
  readonly subject: string;
  readonly above: readonly string[];
  readonly query: ReturnType<typeof useReferrerPages>;
  readonly pages: readonly ReferrerPage[];
};

function Found({ registryId, repository, subject, above, query, pages }: FoundProps) {
  const [wanted, setWanted] = useState<ReferrerKind | 'all'>('all');
  // A registry may repeat an entry on a later page.
  const all = [...new Map(pages.flatMap((page) => page.referrers).map((each) => [each.digest, each])).values()];
  const kinds = countKinds(all);
  const shown = wanted === 'all' ? all : all.filter((referrer) => referrerKind(referrer) === wanted);
  const [first] = pages;
  if (first === undefined) return null;
  return (
    <>
      <OfflineNote
        offline={pages.find(({ offline }) => offline !== undefined)?.offline}
        onRetry={() => void query.refetch()}
      />
      <WarningList warnings={pages.flatMap(({ warnings }) => warnings)} />
      {kinds.length > 1 && (
        <Segmented
          label="Kind of referrer"
          value={wanted}
          options={[
            { value: 'all', label: `All ${formatCount(all.length)}` },
            ...kinds.map(([kind, count]) => ({ value: kind, label: `${kind} ${formatCount(count)}` })),
          ]}
          onChange={setWanted}
        />
      )}
      {all.length === 0 ? (
        <p className={css['none']}>
          {first.source === 'none'
            ? SOURCES.none
            : 'Nothing refers to it: no signature, SBOM or attestation is attached.'}
        </p>
      ) : (
        <ReferrerTable
          registryId={registryId}
          repository={repository}
          subject={subject}
          referrers={shown.filter(({ digest }) => !above.includes(digest))}
          renderBelow={
            above.length >= MOST_DEEP
              ? undefined
              : (referrer) => (
                  <ReferrerGroup
                    registryId={registryId}
                    repository={repository}
                    digest={referrer.digest}
                    title={`Attached to this ${referrerKind(referrer)}`}
                    aside={shortDigest(referrer.digest)}
                    above={above}
                  />
                )
          }
        />
      )}
      <Footer query={query} pages={pages} count={all.length} />
    </>
  );
}

type FooterProps = Pick<FoundProps, 'query' | 'pages'> & { readonly count: number };

/** Where the list comes from and what it covers: a page is never shown as if it were the whole. */
function Footer({ query, pages, count }: FooterProps) {
  const source = pages[0]?.source ?? 'none';
  const dropped = pages.reduce((sum, page) => sum + page.droppedCount, 0);
  if (count === 0 && dropped === 0 && !query.hasNextPage) return null;
  return (
    <div className={css['footer']}>
      <span>
        {SOURCES[source]}
        {query.hasNextPage && ` ${formatCount(count)} loaded, there are more.`}
        {dropped > 0 && ` ${formatCount(dropped)} malformed ${dropped === 1 ? 'entry' : 'entries'} left out.`}
      </span>
      {query.hasNextPage && (
        <Button size="sm" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Load more
        </Button>
      )}
    </div>
  );
}
