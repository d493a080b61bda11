import { formatBytes, formatExactBytes } from '../lib/format-bytes.ts';
import { Tooltip } from './tooltip.tsx';

export type BytesProps = { readonly bytes: number };

/** A size in binary units; the exact number on hover. */
export function Bytes({ bytes }: BytesProps) {
  return (
    <Tooltip content={formatExactBytes(bytes)}>
      <span>{formatBytes(bytes)}</span>
    </Tooltip>
  );
}
