import type { Pairs as PairList } from '#shared/oci/descriptor.ts';
import css from './pairs.module.css';
import { CopyButton } from './copy-button.tsx';
import { LongText } from './long-text.tsx';
import { SafeText } from './safe-text.tsx';

export type PairsProps = {
  /** The accessible name. */
  readonly label: string;
  readonly pairs: PairList;
  /** Names above their values, for narrow panes. */
  readonly stacked?: boolean;
};

/** No real name is longer; one of megabytes would be drawn twice. */
const NAME_SHOWN = 500;

/** Names and values from a registry, both shown as text, each value ready to copy. A name may come twice. */
export function Pairs({ label, pairs, stacked = false }: PairsProps) {
  const rows = pairs.map(([name, value], index) => ({ name, value, key: `${index} ${name}` }));
  return (
    <table className={stacked ? css['stacked'] : css['table']} aria-label={label}>
      <tbody>
        {rows.map(({ key, name, value }) => (
          <tr key={key} className={css['row']}>
            <th scope="row" className={css['name']}>
              <SafeText text={name.slice(0, NAME_SHOWN)} />
              {name.length > NAME_SHOWN && '…'}
            </th>
            <td className={css['value']}>
              {value === '' ? <span className={css['empty']}>empty</span> : <LongText text={value} />}
            </td>
            <td className={css['copy']}>
              <CopyButton text={value} what={`value of ${name}`} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
