import type { RegistrySuggestion } from '#shared/api/registries.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { useNavigate } from 'react-router';
import { registryPath } from '../../lib/paths.ts';
import { registryRowId } from '../../lib/tree-rows.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { useAddRegistry } from '../../queries/registries.ts';
import { useTreeState } from '../../state/tree-state.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { RegistryIcon } from '../../ui/icons.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import css from './welcome.module.css';

export type SuggestionProps = { readonly suggestion: RegistrySuggestion };

const SOURCES: Readonly<Record<RegistrySuggestion['source'], string | undefined>> = {
  'well-known': undefined,
  'docker-config': 'docker',
  'podman-config': 'podman',
};

/** `docker is signed in as ada`; for a well-known registry its host when that is not its name. */
function noteOf({ host, label, source, hasCredential, username }: RegistrySuggestion): string {
  const file = SOURCES[source];
  if (file === undefined) return label === host ? '' : host;
  if (!hasCredential) return `${file} knows it, without a sign-in`;
  return username === undefined ? `${file} is signed in` : `${file} is signed in as ${username}`;
}

/** One registry and the button that adds and opens it. */
export function Suggestion({ suggestion }: SuggestionProps) {
  const { host, label, hasCredential } = suggestion;
  const add = useAddRegistry();
  const navigate = useNavigate();
  const setExpanded = useTreeState((state) => state.setExpanded);
  const addNow = () => {
    const auth = hasCredential ? ({ kind: 'config' } as const) : ({ kind: 'anonymous' } as const);
    const onSuccess = ({ id }: { readonly id: string }) => {
      setExpanded([registryRowId(id)], true);
      void navigate(registryPath(id));
    };
    add.mutate({ host, label, auth }, { onSuccess });
  };
  return (
    <li className={css['suggestion']}>
      <RegistryIcon size={16} aria-hidden />
      <span className={css['rowWords']} title={displayText(host)}>
        <span className={css['rowText']}>
          <SafeText text={label} />
        </span>
        <span className={css['rowNote']}>
          <SafeText text={noteOf(suggestion)} />
        </span>
      </span>
      <Button size="sm" aria-label={`Add ${displayText(label)}`} busy={add.isPending} onClick={addNow}>
        Add
      </Button>
      {add.error !== null && (
        <div className={css['suggestionError']}>
          <ErrorState compact error={appErrorOf(add.error)} />
        </div>
      )}
    </li>
  );
}
