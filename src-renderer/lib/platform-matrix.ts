import type { SingleImageView } from '#shared/api/images.ts';
import type { ImageConfig } from '#shared/oci/image-config.ts';

/** One fact over all platforms, in their order; undefined where a platform does not state it. */
export type MatrixRow = {
  readonly name: string;
  readonly values: readonly (string | undefined)[];
  readonly differs: boolean;
};

const list = (words: readonly string[] | undefined) =>
  words === undefined || words.length === 0 ? undefined : words.join(' ');
const lines = (words: readonly string[]) => (words.length === 0 ? undefined : words.join('\n'));

const FACTS: readonly (readonly [name: string, read: (config: ImageConfig) => string | undefined])[] = [
  ['Entrypoint', (config) => list(config.entrypoint)],
  ['Cmd', (config) => list(config.cmd)],
  ['User', (config) => config.user],
  ['Working directory', (config) => config.workingDir],
  ['Ports', (config) => lines(config.ports)],
  ['Volumes', (config) => lines(config.volumes)],
  ['Stop signal', (config) => config.stopSignal],
  ['Shell', (config) => list(config.shell)],
  ['Healthcheck', (config) => list(config.healthcheck?.test)],
];

function row(name: string, values: readonly (string | undefined)[]): MatrixRow {
  return { name, values, differs: new Set(values.map((value) => value ?? '\0')).size > 1 };
}

type Entries = ReadonlyMap<string, string>;

/** One row a name, in the order names first appear. */
function entryRows(prefix: string, columns: readonly Entries[]): MatrixRow[] {
  const names = new Set(columns.flatMap((entries) => [...entries.keys()]));
  return [...names].map((name) =>
    row(
      `${prefix} ${name}`,
      columns.map((entries) => entries.get(name)),
    ),
  );
}

function envEntries({ env }: ImageConfig): Entries {
  return new Map(
    env.map((line) => {
      const at = line.indexOf('=');
      return at === -1 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
    }),
  );
}

/** The configs of all platforms side by side: every fact that at least one of them states. */
export function configMatrix(configs: readonly ImageConfig[]): readonly MatrixRow[] {
  const facts = FACTS.map(([name, read]) => row(name, configs.map(read)));
  return [
    ...facts.filter(({ values }) => values.some((value) => value !== undefined)),
    ...entryRows('Env', configs.map(envEntries)),
    ...entryRows(
      'Label',
      configs.map(({ labels }) => new Map(labels)),
    ),
  ];
}

export type SharedLayer = {
  readonly digest: string;
  readonly sizeBytes: number;
  /** Which of the images have it, by their place. */
  readonly columns: readonly number[];
};

/** Layers that more than one platform has, largest first: a registry keeps and sends them once. */
export function sharedLayers(images: readonly Pick<SingleImageView, 'layers'>[]): readonly SharedLayer[] {
  const layers = new Map<string, { readonly sizeBytes: number; readonly columns: Set<number> }>();
  for (const [column, image] of images.entries()) {
    for (const { descriptor } of image.layers) {
      const known = layers.get(descriptor.digest);
      if (known === undefined)
        layers.set(descriptor.digest, { sizeBytes: descriptor.sizeBytes, columns: new Set([column]) });
      else known.columns.add(column);
    }
  }
  return [...layers]
    .filter(([, { columns }]) => columns.size > 1)
    .map(([digest, { sizeBytes, columns }]) => ({ digest, sizeBytes, columns: [...columns] }))
    .sort((a, b) => b.sizeBytes - a.sizeBytes);
}
