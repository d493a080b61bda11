import { cx } from '../../ui/cx.ts';
import css from './compare.module.css';

export type DifferenceKind = 'same' | 'added' | 'removed' | 'changed';

const SIGNS: Readonly<Record<DifferenceKind, { readonly sign: string; readonly word: string }>> = {
  same: { sign: '=', word: 'the same' },
  added: { sign: '+', word: 'only right' },
  removed: { sign: '−', word: 'only left' },
  changed: { sign: '~', word: 'different' },
};

/** A sign and a word, never a colour alone. */
export function DifferenceSign({ difference }: { readonly difference: DifferenceKind }) {
  const { sign, word } = SIGNS[difference];
  return (
    <span className={cx(css['sign'], css[difference])} title={word}>
      {sign}
      <span className="visually-hidden">{word}</span>
    </span>
  );
}
