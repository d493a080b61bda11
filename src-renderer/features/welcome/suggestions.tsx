import type { RegistrySuggestion } from '#shared/api/registries.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { useRegistries, useSuggestions } from '../../queries/registries.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { KeyIcon, RegistryIcon } from '../../ui/icons.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Suggestion } from './suggestion.tsx';
import css from './welcome.module.css';

type CardProps = { readonly suggestions: readonly RegistrySuggestion[] | undefined };

/** What docker and podman are signed in to: one click each, with their sign-in. Not there when there is nothing. */
function Found({ suggestions }: CardProps) {
  const found = suggestions?.filter(({ source }) => source !== 'well-known') ?? [];
  if (found.length === 0) return null;
  return (
    <section className={css['card']} aria-labelledby="found">
      <h2 id="found" className={css['cardTitle']}>
        <KeyIcon size={16} aria-hidden />
        Found on this computer
      </h2>
      <p className={css['note']}>
        From docker’s and podman’s configuration. Added with their sign-in; nothing is copied out of it.
      </p>
      <ul className={css['list']}>
        {found.map((suggestion) => (
          <Suggestion key={suggestion.host} suggestion={suggestion} />
        ))}
      </ul>
    </section>
  );
}

function WellKnown({ suggestions }: CardProps) {
  const shown = suggestions?.filter(({ source }) => source === 'well-known');
  return (
    <section className={css['card']} aria-labelledby="suggestions">
      <h2 id="suggestions" className={css['cardTitle']}>
        <RegistryIcon size={16} aria-hidden />
        Registries you may want
      </h2>
      <p className={css['note']}>Added without a sign-in; you can sign in at any time.</p>
      {shown === undefined && <Skeleton width="70%" />}
      {shown?.length === 0 && <p className={css['note']}>All of them are in your list.</p>}
      <ul className={css['list']}>
        {shown?.map((suggestion) => (
          <Suggestion key={suggestion.host} suggestion={suggestion} />
        ))}
      </ul>
    </section>
  );
}

/** Registries this person probably wants, one click away. */
export function Suggestions() {
  const { data, error, refetch } = useSuggestions();
  const added = new Set(useRegistries().data?.map(({ host }) => host));
  const shown = data?.filter(({ host }) => !added.has(host));
  if (error !== null) return <ErrorState compact error={appErrorOf(error)} actions={{ retry: () => void refetch() }} />;
  return (
    <div className={css['stack']}>
      <Found suggestions={shown} />
      <WellKnown suggestions={shown} />
    </div>
  );
}
