import type { FileDifference } from '#shared/api/compare.ts';
import { cx } from '../../ui/cx.ts';
import css from './compare.module.css';

export type DifferenceKind = FileDifference;

type Sign = { readonly sign: string; readonly word: string; readonly tone?: 'changed' | 'same' };

const SIGNS: Readonly<Record<DifferenceKind, Sign>> = {
  same: { sign: '=', word: 'the same' },
  added: { sign: '+', word: 'only right' },
  removed: { sign: '−', word: 'only left' },
  changed: { sign: '~', word: 'different' },
  metadata: { sign: '·', word: 'only metadata differs', tone: 'changed' },
  unknown: { sign: '?', word: 'same size, not compared', tone: 'changed' },
  'same-size-and-time': { sign: '≈', word: 'same size and time, not compared', tone: 'same' },
};

/** A sign and a word, never a colour alone. */
export function DifferenceSign({ difference }: { readonly difference: DifferenceKind }) {
  const { sign, word, tone = difference } = SIGNS[difference];
  return (
    <span className={cx(css['sign'], css[tone])} title={word}>
      {sign}
      <span className="visually-hidden">{word}</span>
    </span>
  );
}
