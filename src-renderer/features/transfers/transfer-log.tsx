import type { TransferDetail } from '#shared/api/transfers.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { clockText } from '../../lib/log-text.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import css from './detail.module.css';

export type TransferLogProps = { readonly detail: TransferDetail };

/** What has happened, newest last, ready to copy into a report. */
export function TransferLog({ detail }: TransferLogProps) {
  const { log } = detail;
  if (log.length === 0) return <EmptyState title="Nothing has happened yet" />;
  const lines = log.map(({ at, text }, index) => ({ at, text, key: `${index} ${at}` }));
  const copied = log.map(({ at, text }) => `${at} ${displayText(text)}`).join('\n');
  return (
    <div className={css['log']}>
      <div className={css['logCopy']}>
        <CopyButton labelled isSafe text={copied} what="log" />
      </div>
      {/* Like an editor that cannot be written in: it takes the focus, so that keys scroll it. */}
      <div role="textbox" aria-label="Log" aria-readonly aria-multiline tabIndex={0} className={css['logLines']}>
        {lines.map(({ at, text, key }) => (
          <div key={key}>
            <time dateTime={at} className={css['time']}>
              {clockText(at)}
            </time>
            <SafeText text={text} />
          </div>
        ))}
      </div>
    </div>
  );
}
