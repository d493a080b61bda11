import { type Headers, mediaTypeOf } from './headers.ts';
import { redactUrl, scrubStart, type ShownHeader, shownHeaders } from './redact.ts';
import type { Hop } from './registry-error.ts';

/** One request and its answer as a person may see them: by allowlist, no secret in it. */
export type Exchange = {
  readonly method: string;
  readonly url: string;
  readonly requestHeaders: readonly ShownHeader[];
  readonly status?: number;
  readonly responseHeaders: readonly ShownHeader[];
  /** The beginning of an error's body when that is text; never a token server's. */
  readonly bodyStart?: string;
};

export type Sent = {
  readonly method: string;
  readonly url: URL;
  readonly hop: Hop;
  readonly headers: Headers;
  /** Scrubbed from whatever the server said. */
  readonly secrets: readonly string[];
};

export type Answered = { readonly status: number; readonly headers: Headers; readonly bodyStart?: Uint8Array };

const BODY_START_CHARACTERS = 2048;

/** The whole value of an `Authorization`, or something that looks like a token, in the middle of a text. */
const TOKENS = /\b(?:Basic|Bearer)\s+[\w.~+/-]{16,}=*|\beyJ[\w-]+\.[\w-]+\.[\w-]*/g;

/**
 * Bytes of a body to keep so that `describeExchange` can show its start: what is shown, and room for a secret that
 * begins in it. None for an answer whose body is not shown.
 */
export function bodyBytesToKeep(sent: Sent, status: number, headers: Headers): number {
  if (status < 400 || sent.hop === 'token' || !isText(mediaTypeOf(headers))) return 0;
  return 4 * BODY_START_CHARACTERS + Math.max(0, ...sent.secrets.map((secret) => secret.length));
}

/** What was sent and came back, redacted (SECURITY-CASES V18). */
export function describeExchange(sent: Sent, answered?: Answered): Exchange {
  const { method, url, headers } = sent;
  const secrets = [...sent.secrets, ...authorizationSecrets(headers)];
  const request = { method, url: redactUrl(url, secrets), requestHeaders: shownHeaders(headers, url, secrets) };
  if (answered === undefined) return { ...request, responseHeaders: [] };
  const bodyStart = shownText(sent, answered, secrets);
  return {
    ...request,
    status: answered.status,
    responseHeaders: shownHeaders(answered.headers, url, secrets),
    ...(bodyStart === '' ? {} : { bodyStart }),
  };
}

function shownText(sent: Sent, { status, headers, bodyStart }: Answered, secrets: readonly string[]): string {
  if (bodyStart === undefined) return '';
  const isCut = bodyStart.length >= bodyBytesToKeep(sent, status, headers);
  const text = scrubStart(new TextDecoder().decode(bodyStart), secrets, isCut);
  return text.replaceAll(TOKENS, 'REDACTED').slice(0, BODY_START_CHARACTERS);
}

function authorizationSecrets({ authorization }: Headers): readonly string[] {
  if (typeof authorization !== 'string') return [];
  const credentials = authorization.slice(authorization.indexOf(' ') + 1);
  return credentials === '' ? [] : [credentials];
}

function isText(mediaType: string | undefined): boolean {
  return mediaType !== undefined && /^text\/|^application\/(?:[\w.+-]+\+)?json$/.test(mediaType);
}
