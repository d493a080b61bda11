import { join } from 'node:path';

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

export type ConfigSource = 'docker-config' | 'podman-config';
export type ConfigLocation = { readonly path: string; readonly source: ConfigSource };

/** The files docker and podman would read for this person, in the order they are worth showing. */
export function configLocations(homeDir: string, env: Environment): readonly ConfigLocation[] {
  const docker = join(env['DOCKER_CONFIG'] ?? join(homeDir, '.docker'), 'config.json');
  return [
    { path: docker, source: 'docker-config' },
    ...podmanPaths(homeDir, env).map((path) => ({ path, source: 'podman-config' as const })),
  ];
}

/** See containers-auth.json(5): the explicit file stands alone; else the session's file, then the lasting one. */
function podmanPaths(homeDir: string, env: Environment): readonly string[] {
  const explicit = env['REGISTRY_AUTH_FILE'];
  if (explicit !== undefined && explicit !== '') return [explicit];
  const runtimeDir = env['XDG_RUNTIME_DIR'];
  const configDir = env['XDG_CONFIG_HOME'] ?? join(homeDir, '.config');
  return [...(runtimeDir === undefined ? [] : [runtimeDir]), configDir].map((dir) =>
    join(dir, 'containers', 'auth.json'),
  );
}
