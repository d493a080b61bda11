import type { Registry } from '#shared/api/registries.ts';
import { useDialogs } from '../../state/dialogs.ts';
import { Badge } from '../../ui/badge.tsx';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { EditIcon, KeyIcon, LocalRegistryIcon, LockIcon, PinIcon, RegistryIcon, UnlockedIcon } from '../../ui/icons.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import css from './registry.module.css';

export type RegistryHeaderProps = { readonly registry: Registry };

function signInText({ auth }: Registry): string {
  if (auth.kind === 'anonymous') return 'Anonymous';
  if (auth.kind === 'config') return 'Signed in as docker or podman is';
  return auth.kind === 'password' ? `Signed in as ${auth.username}` : 'Signed in with a token';
}

const SECRETS: Readonly<Record<Registry['secret'], string | undefined>> = {
  none: undefined,
  keychain: 'Secret in the keychain',
  memory: 'Secret in memory only',
  missing: undefined,
  config: 'Secret stays in the docker or podman configuration',
};

function Transport({ registry }: RegistryHeaderProps) {
  if (registry.kind === 'local') return <Badge icon={LocalRegistryIcon}>On this machine</Badge>;
  if (registry.plainHttp)
    return (
      <Badge tone="warning" icon={UnlockedIcon}>
        Plain HTTP
      </Badge>
    );
  if (registry.skipVerification)
    return (
      <Badge tone="warning" icon={UnlockedIcon}>
        Certificate not verified
      </Badge>
    );
  return <Badge icon={LockIcon}>HTTPS</Badge>;
}

export function RegistryHeader({ registry }: RegistryHeaderProps) {
  const show = useDialogs((state) => state.show);
  const isLocal = registry.kind === 'local';
  const secret = SECRETS[registry.secret];
  const edit = (focus?: 'auth') => () => {
    show({ kind: 'edit-registry', registryId: registry.id, ...(focus === undefined ? {} : { focus }) });
  };
  return (
    <header className={css['header']}>
      <div className={css['heading']}>
        {isLocal ? <LocalRegistryIcon size={20} aria-hidden /> : <RegistryIcon size={20} aria-hidden />}
        <h1 className={css['title']}>
          <SafeText text={registry.label} />
        </h1>
        <span className={css['host']}>
          {registry.label !== registry.host && <SafeText text={registry.host} />}
          <CopyButton text={registry.host} what="host" />
        </span>
        <span className={css['actions']}>
          <Button
            icon={PinIcon}
            onClick={() => {
              show({ kind: 'pin', registryId: registry.id });
            }}
          >
            Pin a repository…
          </Button>
          {!isLocal && (
            <Button icon={EditIcon} onClick={edit()}>
              Edit connection…
            </Button>
          )}
        </span>
      </div>
      <div className={css['facts']}>
        <Transport registry={registry} />
        {!isLocal && (
          <Badge icon={KeyIcon}>
            <SafeText text={signInText(registry)} />
          </Badge>
        )}
        {secret !== undefined && <Badge tone={registry.secret === 'memory' ? 'warning' : 'neutral'}>{secret}</Badge>}
      </div>
      {registry.secret === 'missing' && (
        <Banner
          tone="warning"
          actions={
            <Button size="sm" onClick={edit('auth')}>
              Sign in…
            </Button>
          }
        >
          The secret for this registry is no longer there: it was kept in memory only, or removed from the keychain.
        </Banner>
      )}
    </header>
  );
}
