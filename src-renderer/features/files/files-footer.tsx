import type { OpenedFiles } from '#shared/api/files.ts';
import { formatBytes, formatCount } from '../../lib/format-bytes.ts';
import css from './files.module.css';

export type FilesFooterProps = { readonly opened: OpenedFiles };

/** What there is in all. Sizes are of contents, uncompressed. */
export function FilesFooter({ opened }: FilesFooterProps) {
  const { fileCount, directoryCount, sizeBytes, hiddenCount, layers } = opened;
  const compressed = layers.reduce((sum, layer) => sum + layer.compressedBytes, 0);
  const facts = [
    `${formatCount(fileCount)} ${fileCount === 1 ? 'file' : 'files'} in ${formatCount(directoryCount)} ${directoryCount === 1 ? 'directory' : 'directories'}`,
    `${formatBytes(sizeBytes)} unpacked, ${formatBytes(compressed)} in the registry`,
    ...(hiddenCount === 0 ? [] : [`${formatCount(hiddenCount)} hidden by later layers`]),
  ];
  return <div className={css['footer']}>{facts.join(' · ')}</div>;
}
