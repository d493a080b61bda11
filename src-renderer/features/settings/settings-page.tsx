import { useHostInfo } from '../../queries/host.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { useSetSettings, useSettings } from '../../queries/settings.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { AccountsSection } from './accounts-section.tsx';
import { KeptSection } from './kept-section.tsx';
import { LookSection } from './look-section.tsx';
import css from './settings.module.css';
import { SettingsSection } from './settings-section.tsx';
import { TransfersSection } from './transfers-section.tsx';

function Secrets() {
  const store = useHostInfo().data?.credentialStore;
  if (store === undefined) return null;
  return (
    <SettingsSection title="Secrets">
      {store.kind === 'keychain' ? (
        <p>
          Passwords, tokens and client keys are kept in the keychain of this computer ({store.name}), and nowhere else.
        </p>
      ) : (
        <p>{store.reason}</p>
      )}
    </SettingsSection>
  );
}

function About() {
  const info = useHostInfo().data;
  if (info === undefined) return null;
  return (
    <SettingsSection title="Data">
      <p>Registries, settings, the Local registry and what was read before are kept in one folder.</p>
      <p className={css['path']}>
        <code>{info.dataDir}</code>
        <CopyButton text={info.dataDir} what="path" />
      </p>
      <p className={css['muted']}>Gantry {info.version}</p>
    </SettingsSection>
  );
}

export function SettingsPage() {
  const settings = useSettings();
  const { mutate, error } = useSetSettings();
  const { data } = settings;
  return (
    <div className={css['page']}>
      <h1 className={css['title']}>Settings</h1>
      {settings.error !== null && (
        <ErrorState compact error={appErrorOf(settings.error)} actions={{ retry: () => void settings.refetch() }} />
      )}
      {error !== null && <ErrorState compact error={appErrorOf(error)} />}
      {data !== undefined && <LookSection settings={data} onChange={mutate} />}
      <AccountsSection />
      <Secrets />
      {data !== undefined && <TransfersSection settings={data} onChange={mutate} />}
      {data !== undefined && <KeptSection limits={data} onChange={mutate} />}
      <About />
    </div>
  );
}
