import type { RegistrySuggestion } from '#shared/api/registries.ts';
import { useNavigate } from 'react-router';
import { registryPath } from '../../lib/paths.ts';
import { registryRowId } from '../../lib/tree-rows.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { useAddRegistry, useRegistries, useSuggestions } from '../../queries/registries.ts';
import { useDialogs } from '../../state/dialogs.ts';
import { useTreeState } from '../../state/tree-state.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { RegistryIcon } from '../../ui/icons.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import css from './welcome.module.css';

const SOURCES: Readonly<Record<RegistrySuggestion['source'], string | undefined>> = {
  'well-known': undefined,
  'docker-config': 'in your Docker config',
  'podman-config': 'in your Podman config',
};

type SuggestionProps = { readonly suggestion: RegistrySuggestion };

function Suggestion({ suggestion }: SuggestionProps) {
  const { host, label, source, hasCredential } = suggestion;
  const add = useAddRegistry();
  const navigate = useNavigate();
  const show = useDialogs((state) => state.show);
  const setExpanded = useTreeState((state) => state.setExpanded);
  const addNow = () => {
    const input = { host, label, auth: { kind: 'anonymous' } } as const;
    const onSuccess = ({ id }: { readonly id: string }) => {
      setExpanded([registryRowId(id)], true);
      void navigate(registryPath(id));
    };
    add.mutate(input, { onSuccess });
  };
  const signIn = () => {
    show({ kind: 'connect', prefill: { host, label, auth: 'password' } });
  };
  const origin = SOURCES[source];
  return (
    <li className={css['suggestion']}>
      <RegistryIcon size={16} aria-hidden />
      <span className={css['suggestionText']}>
        <SafeText text={label} />
        {label !== host && (
          <span className={css['host']}>
            <SafeText text={host} />
          </span>
        )}
      </span>
      {origin !== undefined && <Badge>{origin}</Badge>}
      {hasCredential ? (
        <Button size="sm" aria-label={`Sign in to ${label}`} onClick={signIn}>
          Sign in…
        </Button>
      ) : (
        <Button size="sm" aria-label={`Add ${label}`} busy={add.isPending} onClick={addNow}>
          Add
        </Button>
      )}
      {add.error !== null && (
        <div className={css['suggestionError']}>
          <ErrorState compact error={appErrorOf(add.error)} />
        </div>
      )}
    </li>
  );
}

/** Registries this person probably wants, one click away. */
export function Suggestions() {
  const { data, error, refetch } = useSuggestions();
  const added = new Set(useRegistries().data?.map(({ host }) => host));
  const shown = data?.filter(({ host }) => !added.has(host));
  return (
    <section className={css['card']} aria-labelledby="suggestions">
      <h2 id="suggestions" className={css['cardTitle']}>
        <RegistryIcon size={16} aria-hidden />
        Registries you may want
      </h2>
      <p className={css['note']}>Added without a sign-in; you can sign in at any time.</p>
      {error !== null && <ErrorState compact error={appErrorOf(error)} actions={{ retry: () => void refetch() }} />}
      {error === null && data === undefined && <Skeleton width="70%" />}
      {shown?.length === 0 && <p className={css['note']}>All of them are in your list.</p>}
      <ul className={css['list']}>
        {shown?.map((suggestion) => (
          <Suggestion key={suggestion.host} suggestion={suggestion} />
        ))}
      </ul>
    </section>
  );
}
