import type { Registry } from '#shared/api/registries.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { useTrustTokenHost } from '../../queries/accounts.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { CloseIcon } from '../../ui/icons.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import css from './settings.module.css';

export type TrustedHostsProps = { readonly registry: Registry };

/** Token servers of another name that may have this registry's credential; each can be taken back. */
export function TrustedHosts({ registry }: TrustedHostsProps) {
  const trust = useTrustTokenHost();
  const { id, trustedTokenHosts } = registry;
  if (trustedTokenHosts.length === 0 && trust.error === null) return null;
  return (
    <div className={css['trusted']}>
      <span className={css['muted']}>May send its credential to</span>
      <ul className={css['trustedList']} aria-label={`Trusted token servers of ${displayText(registry.label)}`}>
        {trustedTokenHosts.map((host) => (
          <li key={host} className={css['trustedItem']}>
            <code>
              <SafeText text={host} />
            </code>
            <IconButton
              size="sm"
              icon={CloseIcon}
              label={`No longer trust ${displayText(host)}`}
              onClick={() => {
                trust.mutate({ id, host, trusted: false });
              }}
            />
          </li>
        ))}
      </ul>
      {trust.error !== null && <ErrorState compact error={appErrorOf(trust.error)} />}
    </div>
  );
}
