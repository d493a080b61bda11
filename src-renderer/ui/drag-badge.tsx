import type { Ref } from 'react';
import { cx } from './cx.ts';
import css from './drag-badge.module.css';

export type DragBadgeProps = {
  /** Moved by its owner: `translate` follows the pointer without drawing anything anew. */
  readonly ref: Ref<HTMLDivElement>;
  readonly tone: 'neutral' | 'accept' | 'refuse';
  readonly text: string;
};

/** What goes along with the pointer while something is dragged: says what letting go would do. */
export function DragBadge({ ref, tone, text }: DragBadgeProps) {
  return (
    <div ref={ref} className={cx(css['badge'], css[tone])} data-drag-badge>
      {text}
    </div>
  );
}
