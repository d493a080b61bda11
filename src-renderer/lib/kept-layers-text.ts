import { formatBytes } from './format-bytes.ts';

export type KeptLayers = { readonly bytes: number; readonly unknownBytes: number };

/** What is said before layers that are kept on this computer are deleted; empty when there are none. */
export function keptLayersText({ bytes, unknownBytes }: KeptLayers): string {
  const own = `${formatBytes(bytes)} of layers that it gave are deleted from this computer.`;
  const unknown = `${formatBytes(unknownBytes)} of layers that an earlier version kept without noting from where`;
  const why = 'they may be from here.';
  if (unknownBytes === 0) return bytes === 0 ? '' : own;
  if (bytes === 0) return `${unknown} are deleted from this computer: ${why}`;
  return `${own} So are ${unknown}: ${why}`;
}
