import type { Registry } from '#shared/api/registries.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { useState } from 'react';
import { secretText, signInText } from '../../lib/sign-in-text.ts';
import { useDialogs } from '../../state/dialogs.ts';
import { Button } from '../../ui/button.tsx';
import { Disclosure } from '../../ui/disclosure.tsx';
import { RegistryIcon } from '../../ui/icons.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import css from './settings.module.css';
import { SignOutDialog } from './sign-out-dialog.tsx';
import { TrustedHosts } from './trusted-hosts.tsx';
import { WhyCredential } from './why-credential.tsx';

export type AccountCardProps = { readonly registry: Registry };

function Actions({ registry, onSignOut }: AccountCardProps & { readonly onSignOut: () => void }) {
  const show = useDialogs((state) => state.show);
  const name = displayText(registry.label);
  const edit = (focus?: 'auth') => () => {
    show({ kind: 'edit-registry', registryId: registry.id, ...(focus === undefined ? {} : { focus }) });
  };
  const isIn = registry.auth.kind !== 'anonymous';
  return (
    <div className={css['accountActions']}>
      {isIn ? (
        <Button size="sm" aria-label={`Sign out of ${name}`} onClick={onSignOut}>
          Sign out…
        </Button>
      ) : (
        <Button size="sm" aria-label={`Sign in to ${name}`} onClick={edit('auth')}>
          Sign in…
        </Button>
      )}
      <Button size="sm" aria-label={`Edit ${name}`} onClick={edit()}>
        Edit…
      </Button>
    </div>
  );
}

/** One registry: its sign-in, where the secret is and why it is used, and whom it may be sent to. */
export function AccountCard({ registry }: AccountCardProps) {
  const [isOpen, setOpen] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  const { label, host, auth, secret } = registry;
  const where = secretText(registry);
  return (
    <li className={css['account']}>
      <div className={css['accountHead']}>
        <RegistryIcon size={16} aria-hidden />
        <div className={css['accountName']}>
          <h3>
            <SafeText text={label} />
          </h3>
          {label !== host && (
            <code className={css['muted']}>
              <SafeText text={host} />
            </code>
          )}
        </div>
        <Actions
          registry={registry}
          onSignOut={() => {
            setLeaving(true);
          }}
        />
      </div>
      <div className={css['accountBody']}>
        <p className={secret === 'missing' ? css['missing'] : css['muted']}>
          <SafeText text={where === undefined ? signInText(registry) : `${signInText(registry)}, ${where}`} />
        </p>
        {registry.tls.caPem !== undefined && <p className={css['muted']}>Trusts an authority that you added.</p>}
        {registry.tls.hasClientKey && <p className={css['muted']}>Shows a client certificate of yours.</p>}
        <TrustedHosts registry={registry} />
        <Disclosure
          title={auth.kind === 'anonymous' ? 'Why none' : 'Why this credential'}
          open={isOpen}
          onToggle={setOpen}
        >
          <WhyCredential registryId={registry.id} />
        </Disclosure>
      </div>
      {isLeaving && (
        <SignOutDialog
          registry={registry}
          onClose={() => {
            setLeaving(false);
          }}
        />
      )}
    </li>
  );
}
