import type { LogEntry } from '#shared/api/diagnostics.ts';
import { formatBytes } from '../../lib/format-bytes.ts';
import { clockText, durationText, isFailure, splitUrl } from '../../lib/log-text.ts';
import { Badge } from '../../ui/badge.tsx';
import { cx } from '../../ui/cx.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import css from './log.module.css';

export type LogRowProps = {
  readonly entry: LogEntry;
  readonly top: number;
  readonly position: number;
  readonly count: number;
  readonly isSelected: boolean;
};

/** One line of the log. Its keys and clicks are handled by the list. */
export function LogRow({ entry, top, position, count, isSelected }: LogRowProps) {
  return (
    <div
      id={`log-${entry.id}`}
      data-index={position - 1}
      role="option"
      tabIndex={-1}
      aria-selected={isSelected}
      aria-posinset={position}
      aria-setsize={count}
      className={cx(css['row'], isSelected && css['selected'], entry.kind === 'decision' && css['decision'])}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span className={css['time']}>{clockText(entry.at)}</span>
      {entry.kind === 'request' ? <RequestLine entry={entry} /> : <DecisionLine entry={entry} />}
    </div>
  );
}

function DecisionLine({ entry }: { readonly entry: Extract<LogEntry, { kind: 'decision' }> }) {
  return (
    <span className={css['words']}>
      <span className={css['host']}>
        <SafeText text={entry.registryHost} />
      </span>{' '}
      <SafeText text={entry.text} />
    </span>
  );
}

const HOPS = { registry: undefined, token: 'token', redirect: 'redirect' } as const;

function RequestLine({ entry }: { readonly entry: Extract<LogEntry, { kind: 'request' }> }) {
  const { exchange, hop, attempt, failure } = entry;
  const { host, path } = splitUrl(exchange.url);
  const hopName = HOPS[hop];
  return (
    <>
      <span className={css['method']}>{exchange.method}</span>
      <span className={css['address']}>
        <span className={css['host']}>
          <SafeText text={host} />
        </span>
        <SafeText text={path} />
      </span>
      {hopName !== undefined && <Badge>{hopName}</Badge>}
      {attempt > 1 && <Badge tone="warning">try {attempt}</Badge>}
      <span className={cx(css['status'], isFailure(entry) && css['failed'])}>
        <SafeText text={exchange.status === undefined ? (failure ?? 'no answer') : String(exchange.status)} />
      </span>
      <span className={css['number']}>{durationText(entry.totalMs ?? entry.headersMs)}</span>
      <span className={css['number']}>{entry.bodyBytes === undefined ? '' : formatBytes(entry.bodyBytes)}</span>
    </>
  );
}
