import { join } from 'node:path';

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

export type ConfigSource = 'docker-config' | 'podman-config';

/** A place where docker or podman keep credentials: a file, or the text of a variable. */
export type ConfigPlace =
  | { readonly kind: 'file'; readonly source: ConfigSource; readonly path: string }
  | {
      readonly kind: 'inline';
      readonly source: 'docker-config';
      readonly path: 'DOCKER_AUTH_CONFIG';
      readonly text: string;
    };

export type PlaceOptions = {
  readonly homeDir: string;
  readonly env: Environment;
  /** Of the person, where podman's file below `/run` may be read; absent in tests and on Windows. */
  readonly uid?: number | undefined;
};

/**
 * Where credentials are looked for, in this order: places a variable names before those a tool takes by itself, and
 * docker's before podman's. `DOCKER_AUTH_CONFIG` is docker's own first choice too.
 */
export function configPlaces(options: PlaceOptions): readonly ConfigPlace[] {
  const { env } = options;
  const inline = valueOf(env, 'DOCKER_AUTH_CONFIG');
  const [docker, podman] = [valueOf(env, 'DOCKER_CONFIG'), valueOf(env, 'REGISTRY_AUTH_FILE')];
  const dockerPlace = file('docker-config', join(docker ?? join(options.homeDir, '.docker'), 'config.json'));
  const podmanPlaces = podmanPaths(options).map((path) => file('podman-config', path));
  const isPodmanNamed = podman !== undefined && docker === undefined;
  const files = isPodmanNamed ? [...podmanPlaces, dockerPlace] : [dockerPlace, ...podmanPlaces];
  if (inline === undefined) return files;
  return [{ kind: 'inline', source: 'docker-config', path: 'DOCKER_AUTH_CONFIG', text: inline }, ...files];
}

/** See containers-auth.json(5): the named file stands alone; else the session's file, then the lasting one. */
function podmanPaths({ homeDir, env, uid }: PlaceOptions): readonly string[] {
  const named = valueOf(env, 'REGISTRY_AUTH_FILE');
  if (named !== undefined) return [named];
  const configDir = valueOf(env, 'XDG_CONFIG_HOME') ?? join(homeDir, '.config');
  const lasting = join(configDir, 'containers', 'auth.json');
  const runtimeDir = valueOf(env, 'XDG_RUNTIME_DIR');
  if (runtimeDir !== undefined) return [join(runtimeDir, 'containers', 'auth.json'), lasting];
  // Where podman keeps it for a session without a runtime folder, such as root's.
  return uid === undefined ? [lasting] : [`/run/containers/${uid}/auth.json`, lasting];
}

function file(source: ConfigSource, path: string): ConfigPlace {
  return { kind: 'file', source, path };
}

/** A variable set to nothing counts as not set, as it does for the tools. */
function valueOf(env: Environment, name: string): string | undefined {
  const value = env[name];
  return value === '' ? undefined : value;
}
