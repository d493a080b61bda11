import type { Settings } from '#shared/api/settings.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { useHostInfo } from '../../queries/host.ts';
import { useSetSettings, useSettings } from '../../queries/settings.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import css from './settings.module.css';

const THEMES: ReadonlyArray<{ readonly value: Settings['theme']; readonly label: string }> = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

const ORDERS: ReadonlyArray<{ readonly value: Settings['tagOrder']; readonly label: string; readonly hint: string }> = [
  { value: 'natural', label: 'Natural', hint: '1.9 before 1.10; words by letter.' },
  {
    value: 'semver',
    label: 'Version',
    hint: 'Newest version first, pre-releases after their release; other tags after the versions.',
  },
  {
    value: 'date',
    label: 'Date',
    hint: 'Newest first. Needs each tag looked up, so it takes a moment on large repositories.',
  },
];

function About() {
  const info = useHostInfo().data;
  if (info === undefined) return null;
  const { credentialStore: store } = info;
  return (
    <>
      <section className={css['section']} aria-labelledby="secrets">
        <h2 id="secrets" className={css['heading']}>
          Secrets
        </h2>
        {store.kind === 'keychain' ? (
          <p>Passwords and tokens are kept in the keychain of this computer ({store.name}), and nowhere else.</p>
        ) : (
          <p>Passwords and tokens are kept in memory only. {store.reason}</p>
        )}
      </section>
      <section className={css['section']} aria-labelledby="data">
        <h2 id="data" className={css['heading']}>
          Data
        </h2>
        <p>Registries, settings, the Local registry and what was read before are kept in one folder.</p>
        <p className={css['path']}>
          <code>{info.dataDir}</code>
          <CopyButton text={info.dataDir} what="path" />
        </p>
        <p className={css['version']}>Gantry {info.version}</p>
      </section>
    </>
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
      {data !== undefined && (
        <section className={css['section']} aria-labelledby="look">
          <h2 id="look" className={css['heading']}>
            Look
          </h2>
          <RadioGroup
            label="Theme"
            inline
            value={data.theme}
            options={THEMES}
            onChange={(theme) => {
              mutate({ theme });
            }}
          />
          <RadioGroup
            label="Order of tags"
            value={data.tagOrder}
            options={ORDERS}
            onChange={(tagOrder) => {
              mutate({ tagOrder });
            }}
          />
        </section>
      )}
      <About />
    </div>
  );
}
