import type { CommandTarget, CommandTool, Draft, PurposeDraft } from './command-types.ts';

/** How one tool says each thing. `reference` is `host/name:tag` or `host/name@digest`, never both: skopeo refuses that. */
type ToolDialect = {
  readonly pull: (target: CommandTarget, reference: string) => Draft;
  readonly manifest: (target: CommandTarget, reference: string) => Draft;
  readonly config: (target: CommandTarget, reference: string) => Draft;
  readonly listTags: (target: CommandTarget, repository: string) => Draft;
};

const line = (...parts: readonly (readonly string[])[]): readonly string[] => parts.flat();

const PLATFORM = /^[\w.-]+\/[\w.-]+(?:\/[\w.-]+)?/;

/** `os/arch[/variant]` without an os.version, which no `--platform` flag takes. Not for text that is no platform. */
function platformFlag(target: CommandTarget): readonly string[] {
  const platform = platformWords(target);
  return platform === undefined ? [] : ['--platform', platform];
}

function platformWords(target: CommandTarget): string | undefined {
  return target.kind === 'index' || target.platform === undefined ? undefined : PLATFORM.exec(target.platform)?.[0];
}

function isArtifact({ kind }: CommandTarget): boolean {
  return kind === 'artifact' || kind === 'unknown';
}

function isInsecure(target: CommandTarget): boolean {
  return target.plainHttp || target.skipVerification;
}

/** The last path segment: a file name that starts with a letter or digit. */
function fileStem({ repository }: CommandTarget): string {
  return repository.slice(repository.lastIndexOf('/') + 1);
}

function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/.test(host);
}

const USE_ORAS = 'This is not a container image. Use oras to pull it.';

function dockerPullNote(target: CommandTarget): string | undefined {
  if (target.kind === 'schema1') return 'Docker Engine 26 and later no longer pull schema 1 images.';
  if (!isInsecure(target) || isLoopback(target.host)) return undefined;
  return `Docker needs “${target.host}” under insecure-registries in its daemon settings.`;
}

const docker: ToolDialect = {
  pull: (target, reference) =>
    isArtifact(target)
      ? { reason: USE_ORAS }
      : { words: ['docker', 'pull', ...platformFlag(target), reference], note: dockerPullNote(target) },
  manifest: (target, reference) => {
    if (!isInsecure(target)) return { words: ['docker', 'buildx', 'imagetools', 'inspect', '--raw', reference] };
    if (isArtifact(target)) return { reason: 'docker shows only images from a registry without verified TLS.' };
    return { words: ['docker', 'manifest', 'inspect', '--insecure', reference] };
  },
  config: () => ({ reason: 'docker shows a config only of an image it has pulled.' }),
  listTags: () => ({ reason: 'docker cannot list the tags of a repository. The other tools can.' }),
};

const tlsVerify = (target: CommandTarget) => (isInsecure(target) ? ['--tls-verify=false'] : []);

const podman: ToolDialect = {
  pull: (target, reference) =>
    isArtifact(target)
      ? { words: ['podman', 'artifact', 'pull', ...tlsVerify(target), reference], note: 'Needs Podman 5.4 or later.' }
      : { words: ['podman', 'pull', ...tlsVerify(target), ...platformFlag(target), reference] },
  manifest: (target, reference) =>
    isArtifact(target)
      ? { reason: 'podman shows manifests of images only.' }
      : { words: ['podman', 'manifest', 'inspect', ...tlsVerify(target), reference] },
  config: () => ({ reason: 'podman shows a config only of an image it has pulled.' }),
  listTags: (target, repository) => ({ words: ['podman', 'search', '--list-tags', ...tlsVerify(target), repository] }),
};

/** crane's `--insecure` allows plain HTTP and skips certificate checks. */
const craneFlags = (target: CommandTarget) => (isInsecure(target) ? ['--insecure'] : []);

const crane: ToolDialect = {
  pull: (target, reference) => {
    if (isArtifact(target)) return { reason: USE_ORAS };
    const format = target.kind === 'index' ? ['--format', 'oci'] : [];
    const output = target.kind === 'index' ? fileStem(target) : `${fileStem(target)}.tar`;
    return { words: ['crane', 'pull', ...craneFlags(target), ...platformFlag(target), ...format, reference, output] };
  },
  manifest: (target, reference) => ({
    words: ['crane', 'manifest', ...craneFlags(target), ...platformFlag(target), reference],
  }),
  config: (target, reference) => ({
    words: ['crane', 'config', ...craneFlags(target), ...platformFlag(target), reference],
  }),
  listTags: (target, repository) => ({ words: ['crane', 'ls', ...craneFlags(target), repository] }),
};

/** skopeo takes the platform apart, and before the verb. */
function skopeoPlatform(target: CommandTarget): readonly string[] {
  const [os, arch, variant] = platformWords(target)?.split('/') ?? [];
  if (os === undefined || arch === undefined) return [];
  const words = ['--override-os', os, '--override-arch', arch];
  return variant === undefined ? words : [...words, '--override-variant', variant];
}

const skopeo: ToolDialect = {
  pull: (target, reference) => {
    if (isArtifact(target)) return { reason: USE_ORAS };
    const insecure = isInsecure(target) ? ['--src-tls-verify=false'] : [];
    const all = target.kind === 'index' ? ['--all'] : [];
    const destination = `oci:${fileStem(target)}:${target.tag ?? 'latest'}`;
    return {
      words: ['skopeo', ...skopeoPlatform(target), 'copy', ...all, ...insecure, `docker://${reference}`, destination],
    };
  },
  manifest: (target, reference) => ({
    words: ['skopeo', 'inspect', '--raw', ...tlsVerify(target), `docker://${reference}`],
  }),
  config: (target, reference) => ({
    words: ['skopeo', ...skopeoPlatform(target), 'inspect', '--config', ...tlsVerify(target), `docker://${reference}`],
  }),
  listTags: (target, repository) => ({
    words: ['skopeo', 'list-tags', ...tlsVerify(target), `docker://${repository}`],
  }),
};

/** regctl is told about a host, not about a call. */
function regctlHost(target: CommandTarget): readonly string[] {
  if (!isInsecure(target)) return [];
  return ['--host', `reg=${target.host},tls=${target.plainHttp ? 'disabled' : 'insecure'}`];
}

const regctl: ToolDialect = {
  pull: (target, reference) =>
    isArtifact(target)
      ? { words: ['regctl', ...regctlHost(target), 'artifact', 'get', '--output', fileStem(target), reference] }
      : {
          words: line(
            ['regctl', ...regctlHost(target), 'image', 'export'],
            [...platformFlag(target), reference, `${fileStem(target)}.tar`],
          ),
        },
  manifest: (target, reference) => ({
    words: line(
      ['regctl', ...regctlHost(target), 'manifest', 'get', '--format', 'raw-body'],
      [...platformFlag(target), reference],
    ),
  }),
  config: (target, reference) => ({
    words: ['regctl', ...regctlHost(target), 'image', 'inspect', ...platformFlag(target), reference],
  }),
  listTags: (target, repository) => ({ words: ['regctl', ...regctlHost(target), 'tag', 'ls', repository] }),
};

function orasFlags(target: CommandTarget, prefix = ''): readonly string[] {
  if (target.plainHttp) return [`--${prefix}plain-http`];
  return target.skipVerification ? [`--${prefix}insecure`] : [];
}

const oras: ToolDialect = {
  pull: (target, reference) => {
    if (isArtifact(target)) return { words: ['oras', 'pull', ...orasFlags(target), reference] };
    const destination = `${fileStem(target)}:${target.tag ?? 'latest'}`;
    return {
      words: line(
        ['oras', 'copy', ...orasFlags(target, 'from-'), ...platformFlag(target)],
        [reference, '--to-oci-layout', destination],
      ),
    };
  },
  manifest: (target, reference) => ({
    words: ['oras', 'manifest', 'fetch', ...orasFlags(target), ...platformFlag(target), reference],
  }),
  config: (target, reference) => ({
    words: ['oras', 'manifest', 'fetch-config', ...orasFlags(target), ...platformFlag(target), reference],
  }),
  listTags: (target, repository) => ({ words: ['oras', 'repo', 'tags', ...orasFlags(target), repository] }),
};

const DIALECTS: Record<CommandTool, ToolDialect> = { docker, podman, crane, skopeo, regctl, oras };

/** A config exists to be shown for one image; of an index a platform must be chosen first. */
function configDraft(dialect: ToolDialect, target: CommandTarget, reference: string): readonly PurposeDraft[] {
  return target.kind === 'image' ? [{ purpose: 'config', draft: dialect.config(target, reference) }] : [];
}

/** Of one platform the digest is asked for: skopeo and others show the whole index for a tag, whatever the platform. */
function manifestDraft(dialect: ToolDialect, target: CommandTarget, reference: string, pinned?: string): Draft {
  if (target.platform === undefined || pinned === undefined) return dialect.manifest(target, reference);
  return dialect.manifest({ ...target, platform: undefined }, pinned);
}

export function toolCommands(tool: CommandTool, target: CommandTarget): readonly PurposeDraft[] {
  const dialect = DIALECTS[tool];
  const repository = `${target.host}/${target.repository}`;
  const pinned = target.digest === undefined ? undefined : `${repository}@${target.digest}`;
  const tagged = target.tag === undefined ? undefined : `${repository}:${target.tag}`;
  const reference = tagged ?? pinned;
  if (reference === undefined) return [{ purpose: 'list-tags', draft: dialect.listTags(target, repository) }];
  // By digest there is nothing left to choose: the digest of one image is that platform.
  const whole = { ...target, platform: undefined };
  return [
    ...(tagged === undefined ? [] : [{ purpose: 'pull', draft: dialect.pull(target, tagged) } as const]),
    ...(pinned === undefined ? [] : [{ purpose: 'pull-pinned', draft: dialect.pull(whole, pinned) } as const]),
    { purpose: 'manifest', draft: manifestDraft(dialect, target, reference, pinned) },
    ...configDraft(dialect, target, reference),
  ];
}
