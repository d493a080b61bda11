import type { AppError } from '#shared/api/app-error.ts';
import type { CertificateInfo, ConnectionStep, Exchange } from '#shared/api/registries.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { errorDetails } from './error-details.ts';
import { errorText } from './error-text.ts';

/** The rungs in order, and what each finds out. */
export const RUNGS: ReadonlyArray<readonly [step: ConnectionStep['step'], name: string]> = [
  ['address', 'Address'],
  ['connect', 'Connection'],
  ['ping', 'Registry protocol'],
  ['challenge', 'Sign-in method'],
  ['credential', 'Credential'],
  ['token', 'Token'],
  ['scopes', 'Scopes'],
  ['call', 'First call'],
];

export const STATE_WORDS = {
  running: 'running',
  ok: 'passed',
  warning: 'warning',
  failed: 'failed',
  skipped: 'skipped',
} as const;

/** `12 ms`, `1.4 s`. */
export function stepTime(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** A request and its answer as on the wire, a line each. It has come redacted. */
export function exchangeLines(exchange: Exchange): readonly string[] {
  const { method, url, requestHeaders, status, responseHeaders, bodyStart } = exchange;
  const headers = (lines: Exchange['requestHeaders']) => lines.map(([name, value]) => `${name}: ${value}`);
  return [
    `${method} ${url}`,
    ...headers(requestHeaders),
    '',
    status === undefined ? 'no answer' : `HTTP ${status}`,
    ...headers(responseHeaders),
    ...(bodyStart === undefined ? [] : ['', ...bodyStart.split('\n')]),
  ];
}

function certificateLines(certificate: CertificateInfo): readonly string[] {
  const { subject, issuer, altNames, validFrom, validTo, fingerprint } = certificate;
  return [
    `certificate: ${subject}`,
    `  issued by: ${issuer}`,
    `  names: ${altNames === '' ? 'none' : altNames}`,
    `  valid: ${validFrom} to ${validTo}`,
    `  SHA-256: ${fingerprint}`,
  ];
}

function errorLines(error: AppError | undefined): readonly string[] {
  if (error === undefined) return [];
  const { title, detail } = errorText(error);
  return [`error: ${title}. ${detail}`, ...errorDetails(error).map((line) => `  ${line}`)];
}

function stepLines(name: string, step: ConnectionStep | undefined): readonly string[] {
  if (step === undefined) return [`${name}: not reached`];
  const time = step.durationMs === undefined ? '' : ` (${stepTime(step.durationMs)})`;
  const detail = step.detail === '' ? '' : `: ${step.detail}`;
  const inside = [
    ...errorLines(step.error),
    ...(step.certificates ?? []).flatMap(certificateLines),
    ...(step.exchanges ?? []).flatMap((exchange) => [''].concat(exchangeLines(exchange))),
  ];
  const indented = inside.map((line) => (line === '' ? '' : `    ${line}`));
  return [`${name}: ${STATE_WORDS[step.state]}${time}${detail}`, ...indented];
}

/**
 * The whole ladder as plain text for a report to whoever runs the registry. What it is made of has come redacted;
 * control and bidi characters of the registry are escaped.
 */
export function connectionReport(host: string, steps: readonly ConnectionStep[]): string {
  const lines = RUNGS.flatMap(([step, name]) =>
    stepLines(
      name,
      steps.find((candidate) => candidate.step === step),
    ),
  );
  return [`Gantry: connection test of ${host}`, '', ...lines, ''].map((line) => displayText(line)).join('\n');
}
