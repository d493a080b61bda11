import type { Logger } from '../ports.ts';
import { type ConfigSource, configLocations, type Environment } from './config-locations.ts';
import { readConfigFile } from './read-config-file.ts';

/** A registry this person probably wants. */
export type SuggestedRegistry = {
  readonly host: string;
  readonly label: string;
  readonly source: ConfigSource | 'well-known';
  readonly hasCredential: boolean;
};

/** Public registries by their host, with the name people call them. */
export const WELL_KNOWN_REGISTRIES: ReadonlyMap<string, string> = new Map([
  ['docker.io', 'Docker Hub'],
  ['ghcr.io', 'GitHub'],
  ['quay.io', 'Quay'],
  ['registry.gitlab.com', 'GitLab'],
  ['public.ecr.aws', 'Amazon ECR Public'],
  ['mcr.microsoft.com', 'Microsoft'],
  ['gcr.io', 'Google'],
  ['registry.k8s.io', 'Kubernetes'],
]);

/** Hosts from docker's and podman's config, then the well-known ones; each host once. Never throws. */
export async function suggestRegistries(options: {
  readonly homeDir: string;
  readonly env: Environment;
  readonly logger: Logger;
}): Promise<readonly SuggestedRegistry[]> {
  const found = new Map<string, SuggestedRegistry>();
  for (const { path, source } of configLocations(options.homeDir, options.env)) {
    for (const { host, hasCredential } of await readConfigFile(path, options.logger)) {
      const earlier = found.get(host);
      found.set(host, {
        host,
        label: WELL_KNOWN_REGISTRIES.get(host) ?? host,
        source: earlier?.source ?? source,
        hasCredential: hasCredential || earlier?.hasCredential === true,
      });
    }
  }
  for (const [host, label] of WELL_KNOWN_REGISTRIES) {
    if (!found.has(host)) found.set(host, { host, label, source: 'well-known', hasCredential: false });
  }
  return [...found.values()];
}
