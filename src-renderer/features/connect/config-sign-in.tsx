import { readHost } from '../../lib/connect-checks.ts';
import { useSuggestions } from '../../queries/registries.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import css from './connect.module.css';
import type { FormPartProps } from './form-part.ts';

const FILES = {
  'docker-config': 'docker’s configuration',
  'podman-config': 'podman’s configuration',
  'well-known': undefined,
} as const;

/** What docker's or podman's files say about this host, and that it stays there. */
export function ConfigSignIn({ form }: Pick<FormPartProps, 'form' | 'stored'>) {
  const { data } = useSuggestions();
  const read = readHost(form.host);
  const found =
    'host' in read ? data?.find(({ host, hasCredential }) => hasCredential && host === read.host) : undefined;
  const file = found === undefined ? undefined : FILES[found.source];
  const tail = 'It is looked up anew each time, and never copied.';
  if (file === undefined) {
    return (
      <p className={css['kindNote']}>
        <span>
          Nothing is found for this host in docker’s or podman’s configuration now. Sign in with{' '}
          <code>docker login</code> or <code>podman login</code>; Gantry looks again at each connection.
        </span>
      </p>
    );
  }
  return (
    <p className={css['kindNote']}>
      <span>
        Found in {file}
        {found?.username !== undefined && (
          <>
            , as{' '}
            <strong>
              <SafeText text={found.username} />
            </strong>
          </>
        )}
        . {tail}
      </span>
    </p>
  );
}
