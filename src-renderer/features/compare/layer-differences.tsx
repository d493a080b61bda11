import type { ImageComparison } from '#shared/api/compare.ts';
import { shortDigest } from '#shared/oci/digest.ts';
import { readInstruction } from '../../lib/instruction.ts';
import { Bytes } from '../../ui/bytes.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import css from './compare.module.css';
import { DifferenceSign, type DifferenceKind } from './difference-sign.tsx';

type Compared = ImageComparison['layers'][number];
type Side = NonNullable<Compared['left']>;

function kindOf({ match, left, right }: Compared): DifferenceKind {
  if (match !== undefined) return 'same';
  if (left !== undefined && right !== undefined) return 'changed';
  return left === undefined ? 'added' : 'removed';
}

/** Which layers both have, and what each has alone. */
export function LayerDifferences({ comparison }: { readonly comparison: ImageComparison }) {
  return (
    <div className={css['scroll']}>
      <table className={css['table']} aria-label="Layers of both">
        <thead>
          <tr className={css['head']}>
            <th scope="col" className={css['signCell']}>
              <span className="visually-hidden">Difference</span>
            </th>
            <th scope="col">Left</th>
            <th scope="col">Right</th>
          </tr>
        </thead>
        <tbody>
          {comparison.layers.map((row) => (
            <tr key={`${row.left?.layer ?? ''} ${row.right?.layer ?? ''}`} className={css['row']}>
              <td className={css['signCell']}>
                <DifferenceSign difference={kindOf(row)} />
              </td>
              <LayerCell side={row.left} />
              <LayerCell
                side={row.right}
                note={row.match === 'diff-id' ? 'same files, compressed differently' : undefined}
              />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function LayerCell({ side, note }: { readonly side: Side | undefined; readonly note?: string | undefined }) {
  if (side === undefined) {
    return (
      <td className={css['valueCell']}>
        <span className={css['muted']}>–</span>
      </td>
    );
  }
  const { verb, text } = readInstruction(side.createdBy ?? '');
  return (
    <td className={css['layerCell']}>
      <span className={css['layerHead']}>
        Layer {side.layer + 1} · <Bytes bytes={side.sizeBytes} /> · <code>{shortDigest(side.digest)}</code>
        {note !== undefined && <span className={css['muted']}> {note}</span>}
      </span>
      {side.createdBy !== undefined && (
        <code className={css['instruction']}>
          <SafeText text={verb === undefined ? text : `${verb} ${text}`} />
        </code>
      )}
    </td>
  );
}
