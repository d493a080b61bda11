import { isDigest, shortDigest } from '#shared/oci/digest.ts';
import { formatBytes } from '../../lib/format-bytes.ts';
import type { SharedLayer } from '../../lib/platform-matrix.ts';
import { Bytes } from '../../ui/bytes.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Section } from '../../ui/section.tsx';
import css from './platforms.module.css';

export type SharedLayersProps = { readonly layers: readonly SharedLayer[]; readonly names: readonly string[] };

/** Layers that several platforms have: stored and sent once. */
export function SharedLayers({ layers, names }: SharedLayersProps) {
  const saved = layers.reduce((sum, { sizeBytes, columns }) => sum + sizeBytes * (columns.length - 1), 0);
  return (
    <Section title="Shared layers" aside={`${layers.length}, stored once: saves ${formatBytes(saved)}`}>
      <table className={css['shared']} aria-label="Shared layers">
        <tbody>
          {layers.map(({ digest, sizeBytes, columns }) => (
            <tr key={digest} className={css['sharedRow']}>
              <th scope="row" title={digest}>
                <code>{isDigest(digest) ? shortDigest(digest) : digest}</code>
              </th>
              <td className={css['number']}>
                <Bytes bytes={sizeBytes} />
              </td>
              <td className={css['in']}>
                <SafeText text={columns.map((column) => names[column] ?? '').join(', ')} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
