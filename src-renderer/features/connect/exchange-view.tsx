import type { Exchange } from '#shared/api/registries.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { exchangeLines } from '../../lib/connection-report.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import css from './ladder.module.css';

export type ExchangeViewProps = { readonly exchange: Exchange };

type HeadersProps = { readonly label: string; readonly headers: Exchange['requestHeaders'] };

function Headers({ label, headers }: HeadersProps) {
  if (headers.length === 0) return null;
  const keyed = headers.map(([name, value], index) => ({ name, value, key: `${index} ${name}` }));
  return (
    <table className={css['headers']} aria-label={label}>
      <tbody>
        {keyed.map(({ name, value, key }) => (
          <tr key={key}>
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
  );
}

/** One request and its answer, redacted by whoever sent it. */
export function ExchangeView({ exchange }: ExchangeViewProps) {
  const { method, url, status, requestHeaders, responseHeaders, bodyStart } = exchange;
  const answer = status === undefined ? 'No answer' : `HTTP ${status}`;
  const text = exchangeLines(exchange)
    .map((line) => displayText(line))
    .join('\n');
  return (
    <article className={css['exchange']} aria-label={displayText(`${method} ${url}, ${answer}`)}>
      <div className={css['exchangeHead']}>
        <code className={css['request']}>
          {method} <SafeText text={url} />
        </code>
        <CopyButton isSafe text={text} what="request and answer" />
      </div>
      <Headers label="Request headers" headers={requestHeaders} />
      <code className={css['answer']}>{answer}</code>
      <Headers label="Response headers" headers={responseHeaders} />
      {bodyStart !== undefined && bodyStart !== '' && (
        <pre className={css['body']}>
          <SafeText multiline text={bodyStart} />
        </pre>
      )}
    </article>
  );
}
