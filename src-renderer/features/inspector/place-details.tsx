import type { Registry } from '#shared/api/registries.ts';
import { securityText } from '../../lib/security-text.ts';
import { useRegistry } from '../../queries/registries.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import type { KeyValue } from '../../ui/key-value-list.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { CommandBlock } from './command-block.tsx';
import { DetailFrame, DetailSkeleton } from './detail-frame.tsx';

const SECRETS: Readonly<Record<Registry['secret'], string>> = {
  none: '',
  keychain: ', secret in the keychain',
  memory: ', secret in memory until Gantry closes',
  missing: ', secret missing: sign in again',
  config: '',
};

function signInText({ auth, secret }: Registry): string {
  if (auth.kind === 'anonymous') return 'anonymous';
  if (auth.kind === 'config') return 'as docker or podman is signed in';
  return `${auth.kind === 'password' ? `as ${auth.username}` : 'with a token'}${SECRETS[secret]}`;
}

function facts(registry: Registry): readonly KeyValue[] {
  return [
    {
      key: 'Host',
      value: (
        <>
          <SafeText text={registry.host} /> <CopyButton text={registry.host} what="host" />
        </>
      ),
    },
    { key: 'Connection', value: securityText(registry) },
    { key: 'Sign-in', value: <SafeText text={signInText(registry)} /> },
  ];
}

export function RegistryDetails({ registryId }: { readonly registryId: string }) {
  const registry = useRegistry(registryId);
  if (registry.data === undefined) return <DetailSkeleton />;
  return <DetailFrame kind="Registry" title={registry.data.label} facts={facts(registry.data)} />;
}

type RepositoryDetailsProps = { readonly registryId: string; readonly repository: string };

export function RepositoryDetails({ registryId, repository }: RepositoryDetailsProps) {
  const registry = useRegistry(registryId);
  const name = registry.data === undefined ? repository : `${registry.data.host}/${repository}`;
  return (
    <DetailFrame
      kind="Repository"
      title={repository}
      facts={[
        {
          key: 'Name',
          value: (
            <>
              <SafeText text={name} /> <CopyButton text={name} what="repository name" />
            </>
          ),
        },
      ]}
    >
      <CommandBlock registryId={registryId} repository={repository} kind="image" />
    </DetailFrame>
  );
}
