import { formatCount } from '../../lib/format-bytes.ts';
import { leftOutText, type SaveDone } from '../../lib/save-text.ts';
import { Button } from '../../ui/button.tsx';
import { WarningIcon } from '../../ui/icons.ts';
import { Popover } from '../../ui/popover.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import css from './saves.module.css';

export type LeftOutProps = { readonly done: SaveDone };

/** What is not in the tar, and why. */
export function LeftOut({ done: { leftOut, leftOutCount } }: LeftOutProps) {
  const more = leftOutCount - leftOut.length;
  const trigger = (
    <Button size="sm" variant="ghost" icon={WarningIcon}>
      {formatCount(leftOutCount)} left out
    </Button>
  );
  return (
    <Popover trigger={trigger} side="top" align="end">
      <h2 className={css['title']}>Left out of the tar</h2>
      <ul className={css['leftOut']}>
        {leftOut.map(({ path, reason }) => (
          <li key={`${reason} ${path}`}>
            <code>
              <SafeText text={path} />
            </code>
            <span className={css['muted']}>{leftOutText(reason)}</span>
          </li>
        ))}
      </ul>
      {more > 0 && <p className={css['muted']}>… and {formatCount(more)} more.</p>}
    </Popover>
  );
}
