import type { HistoryEntry, ImageConfig } from '#shared/oci/image-config.ts';
import type { LayerView, SingleImageView } from '../../image/image-view.ts';
import { align, type Aligned } from './align.ts';

// The contract has the same shapes as schemas (`src-shared/api/compare.ts`), which the engine may not import.

/** From left to right: `added` is only on the right, `removed` only on the left. */
export type Difference = 'same' | 'added' | 'removed' | 'changed';

export type ComparedRow<T> = { readonly difference: Difference; readonly left?: T; readonly right?: T };
export type NamedRow = ComparedRow<string> & { readonly name: string };

export type LayerSide = {
  readonly layer: number;
  readonly digest: string;
  readonly sizeBytes: number;
  readonly createdBy?: string;
};

/** `digest`: the same blob; `diff-id`: the same tar, compressed differently. */
export type ComparedLayer = {
  readonly match?: 'digest' | 'diff-id';
  readonly left?: LayerSide;
  readonly right?: LayerSide;
};

export type HistorySide = HistoryEntry & { readonly index: number };

/** How two images differ by what manifest and config say; no layer is read for it. */
export type ConfigComparison = {
  readonly isSame: boolean;
  readonly fields: NamedRow[];
  readonly env: NamedRow[];
  readonly labels: NamedRow[];
  readonly annotations: NamedRow[];
  readonly ports: NamedRow[];
  readonly volumes: NamedRow[];
  readonly history: ComparedRow<HistorySide>[];
  readonly layers: ComparedLayer[];
  readonly sharedBytes: number;
  readonly leftOnlyBytes: number;
  readonly rightOnlyBytes: number;
};

/** Compares two images, each for one platform. */
export function compareImages(left: SingleImageView, right: SingleImageView): ConfigComparison {
  return {
    isSame: left.digest === right.digest,
    fields: compareNamed(fieldsOf(left), fieldsOf(right)),
    env: compareNamed(envOf(left.config), envOf(right.config)),
    labels: compareNamed(left.config.labels, right.config.labels),
    annotations: compareNamed(left.annotations, right.annotations),
    ports: compareNamed(setOf(left.config.ports), setOf(right.config.ports)),
    volumes: compareNamed(setOf(left.config.volumes), setOf(right.config.volumes)),
    history: compareHistory(left, right),
    ...compareLayers(left, right),
  };
}

type Pairs = ReadonlyArray<readonly [name: string, value: string]>;

/** Values by name, in the order of the left side, what only the right has at the end; the last of a name counts. */
export function compareNamed(left: Pairs, right: Pairs): NamedRow[] {
  const lefts = new Map(left);
  const rights = new Map(right);
  return [...new Set([...lefts.keys(), ...rights.keys()])].map((name) =>
    Object.assign({ name }, compareValues(lefts.get(name), rights.get(name))),
  );
}

function compareValues(left: string | undefined, right: string | undefined): ComparedRow<string> {
  if (left === undefined) return right === undefined ? { difference: 'same' } : { difference: 'added', right };
  if (right === undefined) return { difference: 'removed', left };
  return { difference: left === right ? 'same' : 'changed', left, right };
}

/** Single values as the config names them; lists as JSON, since a blank may be part of a word. */
function fieldsOf({ config, platformText, mediaType, configDescriptor }: SingleImageView): Pairs {
  const { created, author, user, workingDir, entrypoint, cmd, shell, stopSignal, onBuild, healthcheck } = config;
  const listed = onBuild.length === 0 ? undefined : onBuild;
  const fields: ReadonlyArray<readonly [string, unknown]> = [
    ['Platform', platformText],
    ['MediaType', mediaType],
    ['ConfigMediaType', configDescriptor.mediaType],
    ['Created', created],
    ['Author', author],
    ['User', user],
    ['WorkingDir', workingDir],
    ['Entrypoint', entrypoint],
    ['Cmd', cmd],
    ['Shell', shell],
    ['StopSignal', stopSignal],
    ['OnBuild', listed],
    ['Healthcheck', healthcheck],
  ];
  return fields.flatMap(([name, value]): Pairs => {
    if (value === undefined) return [];
    return [[name, typeof value === 'string' ? value : JSON.stringify(value)]];
  });
}

function envOf({ env }: ImageConfig): Pairs {
  return env.map((variable): Pairs[number] => {
    const cut = variable.indexOf('=');
    return cut === -1 ? [variable, ''] : [variable.slice(0, cut), variable.slice(cut + 1)];
  });
}

function setOf(names: readonly string[]): Pairs {
  return names.map((name): Pairs[number] => [name, name]);
}

/** By what a line did, not when: a build that ran again is the same line. */
function compareHistory(left: SingleImageView, right: SingleImageView): ComparedRow<HistorySide>[] {
  const linesOf = ({ config }: SingleImageView): HistorySide[] =>
    config.history.map((line, index) => Object.assign({ index }, line));
  const isSame = (a: HistorySide, b: HistorySide): boolean =>
    a.createdBy === b.createdBy && a.comment === b.comment && a.emptyLayer === b.emptyLayer;
  return align(linesOf(left), linesOf(right), isSame).map(toHistoryRow);
}

function toHistoryRow(row: Aligned<HistorySide>): ComparedRow<HistorySide> {
  if (row.left === undefined) return { difference: 'added', ...row };
  return { difference: row.right === undefined ? 'removed' : 'same', ...row };
}

type Layer = LayerSide & { readonly diffId?: string };

function layersOf({ layers, config }: SingleImageView): Layer[] {
  return layers.map((view, layer) => toLayer(view, layer, config));
}

function toLayer(view: LayerView, layer: number, { history }: ImageConfig): Layer {
  const { descriptor, diffId, historyIndex } = view;
  const createdBy = historyIndex === undefined ? undefined : history[historyIndex]?.createdBy;
  return {
    layer,
    digest: descriptor.digest,
    sizeBytes: descriptor.sizeBytes,
    ...(createdBy === undefined ? {} : { createdBy }),
    ...(diffId === undefined ? {} : { diffId }),
  };
}

function matchOf(left: Layer, right: Layer): ComparedLayer['match'] {
  if (left.digest === right.digest) return 'digest';
  return left.diffId !== undefined && left.diffId === right.diffId ? 'diff-id' : undefined;
}

function compareLayers(left: SingleImageView, right: SingleImageView) {
  const lefts = layersOf(left);
  const rights = layersOf(right);
  const rows = align(lefts, rights, (a, b) => matchOf(a, b) !== undefined);
  return { layers: rows.map(toLayerRow), ...shareBytes(lefts, rights) };
}

function toLayerRow({ left, right }: Aligned<Layer>): ComparedLayer {
  const match = left !== undefined && right !== undefined ? matchOf(left, right) : undefined;
  return {
    ...(match === undefined ? {} : { match }),
    ...(left === undefined ? {} : { left: toSide(left) }),
    ...(right === undefined ? {} : { right: toSide(right) }),
  };
}

function toSide({ layer, digest, sizeBytes, createdBy }: Layer): LayerSide {
  return { layer, digest, sizeBytes, ...(createdBy === undefined ? {} : { createdBy }) };
}

/** Compressed bytes by blob, wherever in the images the blobs stand: what a pull of both would share. */
function shareBytes(lefts: readonly Layer[], rights: readonly Layer[]) {
  const sizes = (layers: readonly Layer[]): ReadonlyMap<string, number> =>
    new Map(layers.map(({ digest, sizeBytes }) => [digest, sizeBytes]));
  const left = sizes(lefts);
  const right = sizes(rights);
  const sum = (from: ReadonlyMap<string, number>, accepts: (digest: string) => boolean): number =>
    [...from].reduce((total, [digest, size]) => total + (accepts(digest) ? size : 0), 0);
  return {
    sharedBytes: sum(left, (digest) => right.has(digest)),
    leftOnlyBytes: sum(left, (digest) => !right.has(digest)),
    rightOnlyBytes: sum(right, (digest) => !left.has(digest)),
  };
}
