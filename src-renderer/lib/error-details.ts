import type { AppError, RequestTrace } from '#shared/api/app-error.ts';

function traceLine(trace: RequestTrace): string {
  const hop = { registry: 'registry', token: 'token service', redirect: 'redirect target' }[trace.hop];
  const status = trace.status === undefined ? 'no answer' : `HTTP ${trace.status}`;
  const attempts = trace.attempts === undefined || trace.attempts < 2 ? '' : `, sent ${trace.attempts} times`;
  return `${trace.method} ${trace.url} → ${status} (${hop}${attempts})`;
}

function otherAttempt(error: AppError): readonly string[] {
  if (!('otherAttempt' in error) || error.otherAttempt === undefined) return [];
  const { url, reason, detail } = error.otherAttempt;
  return [`${url} → ${reason}: ${detail}`];
}

const CERTIFICATE = 'certificate: ';

/** Whether a line of `errorDetails` tells of a certificate, which can be shown in a form that is easier to read. */
export function isCertificateLine(line: string): boolean {
  return line.startsWith(CERTIFICATE);
}

function certificateLines(error: AppError): readonly string[] {
  if (error.kind !== 'tls') return [];
  return (error.certificates ?? []).map(
    ({ subject, issuer, validFrom, validTo, fingerprint }) =>
      `${CERTIFICATE}${subject}; issued by ${issuer}; ${validFrom} to ${validTo}; SHA-256 ${fingerprint}`,
  );
}

function ownWords(error: AppError): readonly string[] {
  if (error.kind === 'digest-mismatch') return [`expected ${error.expected}`, `received ${error.actual}`];
  if ('detail' in error && error.detail !== undefined && error.detail !== '') return [error.detail];
  return [];
}

/** What the person who runs the registry wants to know: request, status, codes and words, a line each. */
export function errorDetails(error: AppError): readonly string[] {
  const trace = 'trace' in error && error.trace !== undefined ? [traceLine(error.trace)] : [];
  const codes = 'codes' in error ? error.codes : [];
  const said = codes.map(({ code, message, detail }) =>
    [code, message, detail].filter((part) => part !== undefined && part !== '').join(': '),
  );
  const kind = 'reason' in error ? `${error.kind}: ${error.reason}` : error.kind;
  const lines = [...trace, ...said, ...ownWords(error), ...otherAttempt(error), ...certificateLines(error)];
  return lines.length === 0 ? [] : [kind, ...lines.filter((line, index) => lines.indexOf(line) === index)];
}
