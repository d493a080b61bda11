import { type Digest, isDigest } from './digest.ts';
import type { HistoryEntry, ImageConfig } from './image-config.ts';
import {
  asObject,
  type JsonObject,
  keysOf,
  listOf,
  listOfStrings,
  optionalNumber,
  optionalObject,
  optionalText,
  pairsOf,
} from './json-fields.ts';
import { parseJson } from './json.ts';
import { createKeyChecker, KEY_CHECK_DEPTH } from './key-check.ts';
import { OciError } from './oci-error.ts';
import { MAX_DESCRIPTORS, readPlatform } from './parse-descriptor.ts';

/** Bounds of SECURITY-CASES B08; real images stay under a hundredth of them. */
const MAX_ENTRIES = 10_000;

const checkKeys = createKeyChecker({
  root: [
    'created',
    'author',
    'architecture',
    'os',
    'os.version',
    'os.features',
    'variant',
    'config',
    'rootfs',
    'history',
  ],
  below: [
    {
      under: ['config'],
      depth: 2,
      names: [
        'User',
        'Env',
        'Entrypoint',
        'Cmd',
        'WorkingDir',
        'ExposedPorts',
        'Volumes',
        'Labels',
        'StopSignal',
        'Shell',
        'OnBuild',
        'Healthcheck',
      ],
    },
    { under: ['rootfs'], depth: 2, names: ['type', 'diff_ids'] },
    { under: ['history'], depth: 3, names: ['created', 'created_by', 'author', 'comment', 'empty_layer'] },
  ],
});

function readHistoryEntry(value: unknown, index: number): HistoryEntry {
  const where = `history[${index}]`;
  const source = asObject(value, where);
  const created = optionalText(source, 'created', where);
  const createdBy = optionalText(source, 'created_by', where);
  const author = optionalText(source, 'author', where);
  const comment = optionalText(source, 'comment', where);
  const emptyLayer = source['empty_layer'] ?? false;
  if (typeof emptyLayer !== 'boolean') throw new OciError('bad-shape', `${where}.empty_layer is not a boolean`);
  return {
    ...(created === undefined ? {} : { created }),
    ...(createdBy === undefined ? {} : { createdBy }),
    ...(author === undefined ? {} : { author }),
    ...(comment === undefined ? {} : { comment }),
    emptyLayer,
  };
}

function readDiffIds(root: JsonObject): Digest[] {
  const rootfs = optionalObject(root, 'rootfs', 'config');
  if (rootfs === undefined) return [];
  return listOfStrings(rootfs, 'diff_ids', 'rootfs', MAX_DESCRIPTORS).map((diffId) => {
    if (!isDigest(diffId)) throw new OciError('digest-syntax', 'a diff_id is not a sha256 or sha512 digest', diffId);
    return diffId;
  });
}

/** A command line as a list; Docker also reads a lone string. Undefined when not set. */
function readCommand(source: JsonObject, name: string): string[] | undefined {
  const value = source[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return [value];
  return listOfStrings(source, name, 'config.config', MAX_ENTRIES);
}

function readHealthcheck(run: JsonObject): ImageConfig['healthcheck'] {
  const where = 'config.Healthcheck';
  const source = optionalObject(run, 'Healthcheck', 'config');
  if (source === undefined) return undefined;
  const intervalNs = optionalNumber(source, 'Interval', where);
  const timeoutNs = optionalNumber(source, 'Timeout', where);
  const startPeriodNs = optionalNumber(source, 'StartPeriod', where);
  const retries = optionalNumber(source, 'Retries', where);
  return {
    test: listOfStrings(source, 'Test', where, MAX_ENTRIES),
    ...(intervalNs === undefined ? {} : { intervalNs }),
    ...(timeoutNs === undefined ? {} : { timeoutNs }),
    ...(startPeriodNs === undefined ? {} : { startPeriodNs }),
    ...(retries === undefined ? {} : { retries }),
  };
}

type RunConfig = Omit<ImageConfig, 'created' | 'author' | 'platform' | 'diffIds' | 'history'>;

/** The part that a container is started by (`config`). */
function readRunConfig(run: JsonObject): RunConfig {
  const where = 'config.config';
  const entrypoint = readCommand(run, 'Entrypoint');
  const cmd = readCommand(run, 'Cmd');
  const shell = readCommand(run, 'Shell');
  const user = optionalText(run, 'User', where);
  const workingDir = optionalText(run, 'WorkingDir', where);
  const stopSignal = optionalText(run, 'StopSignal', where);
  const healthcheck = readHealthcheck(run);
  return {
    ...(user === undefined ? {} : { user }),
    env: listOfStrings(run, 'Env', where, MAX_ENTRIES),
    ...(entrypoint === undefined ? {} : { entrypoint }),
    ...(cmd === undefined ? {} : { cmd }),
    ...(workingDir === undefined ? {} : { workingDir }),
    ports: keysOf(run, 'ExposedPorts', where, MAX_ENTRIES),
    volumes: keysOf(run, 'Volumes', where, MAX_ENTRIES),
    labels: pairsOf(run, 'Labels', where, MAX_ENTRIES),
    ...(stopSignal === undefined ? {} : { stopSignal }),
    ...(shell === undefined ? {} : { shell }),
    onBuild: listOfStrings(run, 'OnBuild', where, MAX_ENTRIES),
    ...(healthcheck === undefined ? {} : { healthcheck }),
  };
}

/**
 * Reads an image config, OCI or Docker. Missing and null lists are empty, since builders write both; a field of
 * another type than its own is refused, and so is a key in another spelling, which Docker would read and we would not
 * show. The caller bounds the bytes (4 MiB) and has verified them.
 * Spec: OCI image 1.1, config.md.
 * @throws {OciError} kind `not-json`, `too-deep`, `bad-shape`, `ambiguous` (M05), `digest-syntax`, `limit` (B08)
 */
export function parseImageConfig(bytes: Uint8Array): ImageConfig {
  const root = asObject(parseJson(bytes, { onKey: checkKeys(), keyDepth: KEY_CHECK_DEPTH }), 'config');
  const created = optionalText(root, 'created', 'config');
  const author = optionalText(root, 'author', 'config');
  return {
    ...(created === undefined ? {} : { created }),
    ...(author === undefined ? {} : { author }),
    platform: readPlatform(root, 'config'),
    ...readRunConfig(optionalObject(root, 'config', 'config') ?? {}),
    diffIds: readDiffIds(root),
    history: listOf(root, 'history', 'config', MAX_ENTRIES).map(readHistoryEntry),
  };
}
