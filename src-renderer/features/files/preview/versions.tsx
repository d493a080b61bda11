import type { FileVersion } from '#shared/api/file-rows.ts';
import { hidingText, TYPE_NAMES } from '../../../lib/file-text.ts';
import { formatBytes } from '../../../lib/format-bytes.ts';
import css from './preview.module.css';

const MOST = 8;

/** What the layers did to a path, the newest first: where space went, and what was there before. */
export function Versions({ versions }: { readonly versions: readonly FileVersion[] }) {
  const shown = versions.slice(0, MOST);
  return (
    <details className={css['versions']} open>
      <summary>In {versions.length} layers</summary>
      <ol>
        {shown.map((version) => (
          <li key={`${version.layer ?? 'none'} ${version.type} ${version.sizeBytes} ${version.state}`}>
            <span>Layer {version.layer === undefined ? '–' : version.layer + 1}</span>
            <span className={css['muted']}>
              {version.type === 'file' ? formatBytes(version.sizeBytes) : TYPE_NAMES[version.type]}
            </span>
            <span className={css['muted']}>
              {version.state === 'present'
                ? 'in the image'
                : version.hiddenBy === undefined
                  ? ''
                  : hidingText(version.hiddenBy)}
            </span>
          </li>
        ))}
      </ol>
      {versions.length > MOST && <p className={css['muted']}>… and {versions.length - MOST} older ones.</p>}
    </details>
  );
}
