import type { LogEntry } from '#shared/api/diagnostics.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { durationText, entryText } from '../../lib/log-text.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { CloseIcon } from '../../ui/icons.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import css from './log.module.css';

export type EntryDetailsProps = { readonly entry: LogEntry; readonly onClose: () => void };

/** One entry whole: what was asked and what came back. */
export function EntryDetails({ entry, onClose }: EntryDetailsProps) {
  return (
    <section className={css['details']} aria-label="Entry">
      <div className={css['detailsHead']}>
        <h2 className={css['detailsTitle']}>
          {entry.kind === 'decision' ? (
            'Decision'
          ) : (
            <SafeText text={`${entry.exchange.method} ${entry.exchange.url}`} />
          )}
        </h2>
        <CopyButton text={displayText(entryText(entry), { multiline: true })} isSafe what="entry" />
        <IconButton size="sm" label="Close the entry" icon={CloseIcon} onClick={onClose} />
      </div>
      <div className={css['detailsBody']}>
        {entry.kind === 'decision' ? (
          <p>
            <SafeText text={entry.text} />
          </p>
        ) : (
          <RequestDetails entry={entry} />
        )}
      </div>
    </section>
  );
}

function timing({ queuedMs, headersMs, totalMs, attempt }: Extract<LogEntry, { kind: 'request' }>): string {
  const parts = [
    `try ${attempt}`,
    `${durationText(queuedMs)} in the queue`,
    headersMs === undefined ? undefined : `${durationText(headersMs)} to the answer`,
    totalMs === undefined ? undefined : `${durationText(totalMs)} in all`,
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
}

type HeadersProps = { readonly label: string; readonly headers: ReadonlyArray<readonly [string, string]> };

const HIDDEN = '(hidden)';

/** What is not shown is named: a person sees that it was there. */
function Headers({ label, headers }: HeadersProps) {
  const shown = headers.filter(([, value]) => value !== HIDDEN).map(([name, value], index) => ({ name, value, index }));
  const hidden = headers.filter(([, value]) => value === HIDDEN).map(([name]) => name);
  return (
    <>
      <table className={css['headers']} aria-label={label}>
        <tbody>
          {shown.map(({ name, value, index }) => (
            <tr key={`${index} ${name}`}>
              <th scope="row">
                <SafeText text={name} />
              </th>
              <td>
                <SafeText text={value} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {hidden.length > 0 && (
        <p className={css['hidden']}>
          Values not shown: <SafeText text={hidden.join(', ')} />
        </p>
      )}
    </>
  );
}

function RequestDetails({ entry }: { readonly entry: Extract<LogEntry, { kind: 'request' }> }) {
  const { requestHeaders, responseHeaders, status, bodyStart } = entry.exchange;
  return (
    <>
      <p className={css['timing']}>{timing(entry)}</p>
      <div className={css['columns']}>
        <div className={css['column']}>
          <h3 className={css['columnTitle']}>Request</h3>
          <Headers label="Request headers" headers={requestHeaders} />
        </div>
        <div className={css['column']}>
          <h3 className={css['columnTitle']}>
            {status === undefined ? <SafeText text={`No answer: ${entry.failure ?? 'unknown'}`} /> : `Answer ${status}`}
          </h3>
          <Headers label="Answer headers" headers={responseHeaders} />
          {bodyStart !== undefined && (
            <pre className={css['body']}>
              <SafeText text={bodyStart} />
            </pre>
          )}
        </div>
      </div>
    </>
  );
}
