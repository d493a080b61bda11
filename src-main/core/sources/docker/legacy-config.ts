import type { Digest } from '#shared/oci/digest.ts';
import type { JsonObject } from '#shared/oci/json-fields.ts';

/** What a layer's own `json` holds beside the config: of the layer, not of the image. */
const OF_LAYER: ReadonlySet<string> = new Set([
  'id',
  'parent',
  'Size',
  'layer_id',
  'parent_id',
  'throwaway',
  'checksum',
]);

/**
 * The config of an image from before content ids, as docker makes one when it loads such an image: the top layer's
 * `json` without what is the layer's own, the diff ids, and a line of history for each layer. `documents` are from the
 * lowest layer up. The same documents make the same bytes.
 */
export function legacyConfig(documents: readonly JsonObject[], diffIds: readonly Digest[]): Uint8Array {
  const top = documents.at(-1) ?? {};
  // Written member by member: a name may be `__proto__` (SECURITY-CASES M08).
  const members = Object.entries(top).filter(
    ([name]) => !OF_LAYER.has(name) && name !== 'rootfs' && name !== 'history',
  );
  const all: readonly (readonly [string, unknown])[] = [
    ...members,
    ['rootfs', { type: 'layers', diff_ids: diffIds }],
    ['history', documents.map(historyLine)],
  ];
  return Buffer.from(`{${all.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`);
}

function historyLine(json: JsonObject): object {
  const text = (name: string): string | undefined => {
    const value = json[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const [created, author, comment, createdBy] = [text('created'), text('author'), text('comment'), commandOf(json)];
  return {
    ...(created === undefined ? {} : { created }),
    ...(author === undefined ? {} : { author }),
    ...(createdBy === undefined ? {} : { created_by: createdBy }),
    ...(comment === undefined ? {} : { comment }),
  };
}

function commandOf(json: JsonObject): string | undefined {
  const container = json['container_config'];
  if (typeof container !== 'object' || container === null || !('Cmd' in container)) return undefined;
  const { Cmd: command } = container;
  return Array.isArray(command) ? command.filter((part) => typeof part === 'string').join(' ') : undefined;
}
