import type { CredentialExplanation } from '#shared/api/accounts.ts';
import { OUTCOMES, SOURCES } from '../../lib/sign-in-text.ts';
import { useExplanation } from '../../queries/accounts.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { Badge } from '../../ui/badge.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import css from './settings.module.css';

export type WhyCredentialProps = { readonly registryId: string };

type Considered = CredentialExplanation['considered'][number];

function Place({ considered }: { readonly considered: Considered }) {
  const { source, place, key, outcome, detail } = considered;
  const { text, tone } = OUTCOMES[outcome];
  return (
    <li className={css['place']} data-outcome={outcome}>
      <span className={css['placeSource']}>{SOURCES[source]}</span>
      <span className={css['placeText']}>
        <SafeText text={place} />
        {key !== undefined && (
          <>
            {' '}
            <code>
              <SafeText text={key} />
            </code>
          </>
        )}
        {detail !== undefined && detail !== '' && (
          <span className={css['muted']}>
            {' '}
            <SafeText text={detail} />
          </span>
        )}
      </span>
      <Badge tone={tone}>{text}</Badge>
    </li>
  );
}

/** Where a credential was looked for, in order, and what came of it. Never the credential. */
export function WhyCredential({ registryId }: WhyCredentialProps) {
  const { data, error, refetch } = useExplanation(registryId);
  if (error !== null) return <ErrorState compact error={appErrorOf(error)} actions={{ retry: () => void refetch() }} />;
  if (data === undefined) return <Skeleton width="70%" />;
  const { why, considered } = data;
  const keyed = considered.map((one, index) => ({ one, key: `${index} ${one.place}` }));
  return (
    <>
      <p className={css['why']}>
        <SafeText text={why.charAt(0).toUpperCase() + why.slice(1)} />.
      </p>
      {considered.length > 0 && (
        <ol className={css['places']} aria-label="Where it was looked for">
          {keyed.map(({ one, key }) => (
            <Place key={key} considered={one} />
          ))}
        </ol>
      )}
    </>
  );
}
