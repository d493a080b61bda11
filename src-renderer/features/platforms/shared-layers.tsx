import { isDigest, shortDigest } from '#shared/oci/digest.ts';
import { formatBytes } from '../../lib/format-bytes.ts';
import type { SharedLayer } from '../../lib/platform-matrix.ts';
import { Bytes } from '../../ui/bytes.tsx';
import { MatrixTable } from '../../ui/matrix-table.tsx';
import { PlatformName } from '../../ui/platform-name.tsx';
import { Section } from '../../ui/section.tsx';
import css from './platforms.module.css';

export type SharedLayersProps = { readonly layers: readonly SharedLayer[]; readonly names: readonly string[] };

function Mark({ has }: { readonly has: boolean }) {
  if (!has) return <span className={css['none']}>–</span>;
  return (
    <>
      <span aria-hidden className={css['dot']} />
      <span className="visually-hidden">has it</span>
    </>
  );
}

/** Layers that several platforms have, and which those are: stored and sent once. */
export function SharedLayers({ layers, names }: SharedLayersProps) {
  const saved = layers.reduce((sum, { sizeBytes, columns }) => sum + sizeBytes * (columns.length - 1), 0);
  return (
    <Section title="Shared layers" aside={`${layers.length}, stored once: saves ${formatBytes(saved)}`}>
      <MatrixTable
        label="Shared layers"
        columns={names.map((name, index) => ({ key: `${index} ${name}`, head: <PlatformName text={name} /> }))}
        facts={layers.map(({ digest, sizeBytes, columns }) => ({
          key: digest,
          label: (
            <>
              <code title={digest}>{isDigest(digest) ? shortDigest(digest) : digest}</code>
              <span className={css['sharedSize']}>
                <Bytes bytes={sizeBytes} />
              </span>
            </>
          ),
          cells: names.map((name, index) => <Mark key={name} has={columns.includes(index)} />),
        }))}
      />
    </Section>
  );
}
