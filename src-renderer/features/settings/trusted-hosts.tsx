import type { Registry } from '#shared/api/registries.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { useTrustTokenHost } from '../../queries/accounts.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { HostList } from '../../ui/host-list.tsx';
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
      <HostList
        label={`Trusted token servers of ${displayText(registry.label)}`}
        hosts={trustedTokenHosts}
        removeLabel={(host) => `No longer trust ${displayText(host)}`}
        onRemove={(host) => {
          trust.mutate({ id, host, trusted: false });
        }}
      />
      {trust.error !== null && <ErrorState compact error={appErrorOf(trust.error)} />}
    </div>
  );
}
