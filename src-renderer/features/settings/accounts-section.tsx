import { appErrorOf } from '../../queries/app-error.ts';
import { useRegistries } from '../../queries/registries.ts';
import { useDialogs } from '../../state/dialogs.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { AddIcon } from '../../ui/icons.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { AccountCard } from './account-card.tsx';
import css from './settings.module.css';
import { SettingsSection } from './settings-section.tsx';

function AddRegistry() {
  const show = useDialogs((state) => state.show);
  return (
    <Button
      icon={AddIcon}
      onClick={() => {
        show({ kind: 'connect', prefill: {} });
      }}
    >
      Add a registry
    </Button>
  );
}

/** Every registry, how it is signed in to, and where the secret is. */
export function AccountsSection() {
  const { data, error, refetch } = useRegistries();
  const remote = data?.filter(({ kind }) => kind === 'remote');
  return (
    <SettingsSection title="Accounts">
      {error !== null && <ErrorState compact error={appErrorOf(error)} actions={{ retry: () => void refetch() }} />}
      {error === null && remote === undefined && <Skeleton width="60%" />}
      {remote?.length === 0 && (
        <p className={css['muted']}>
          No registry but the Local one, which needs no sign-in. What you add is listed here.
        </p>
      )}
      {remote !== undefined && remote.length > 0 && (
        <ul className={css['accounts']} aria-label="Accounts">
          {remote.map((registry) => (
            <AccountCard key={registry.id} registry={registry} />
          ))}
        </ul>
      )}
      <div>
        <AddRegistry />
      </div>
    </SettingsSection>
  );
}
