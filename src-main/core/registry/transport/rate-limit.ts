import { type Headers, singleHeader } from './headers.ts';

/** A quota as a registry tells it with an answer. */
export type RateLimit = {
  readonly limit: number;
  readonly remaining: number;
  readonly windowSeconds?: number;
  /** Whom the registry counts, in its own words: Docker Hub names the address or the account. */
  readonly source?: string;
};

const MAX_SOURCE = 100;

/**
 * The quota that comes with an answer; undefined when there is none or it cannot be read. Docker Hub and the early
 * drafts of RateLimit headers write `100;w=21600` in two headers, later drafts one structured field, GitHub plain
 * numbers under `x-`. Spec: Docker Hub "Pull usage and limits"; draft-ietf-httpapi-ratelimit-headers-03, -07 and -10.
 */
export function parseRateLimit(headers: Headers): RateLimit | undefined {
  const text = (name: string) => singleHeader(headers, name);
  const found =
    fromPair(text('ratelimit-limit'), text('ratelimit-remaining')) ??
    fromField(text('ratelimit'), text('ratelimit-policy')) ??
    fromPair(text('x-ratelimit-limit'), text('x-ratelimit-remaining'));
  if (found === undefined) return undefined;
  const source = text('docker-ratelimit-source')?.trim().slice(0, MAX_SOURCE) ?? '';
  return source === '' || /\p{Cc}/u.test(source) ? found : { ...found, source };
}

function fromPair(limitText = '', remainingText = ''): RateLimit | undefined {
  const leading = /^\s*(\d{1,15})(?![\w.])/;
  return build(leading.exec(limitText)?.[1], leading.exec(remainingText)?.[1], parameter(limitText, 'w'));
}

/** `limit=100, remaining=50, reset=5`, or `"default";r=50;t=30` beside a policy of `"default";q=100;w=3600`. */
function fromField(field = '', policy = ''): RateLimit | undefined {
  const limit = parameter(field, 'limit') ?? parameter(policy, 'q');
  return build(limit, parameter(field, 'remaining') ?? parameter(field, 'r'), parameter(policy, 'w'));
}

function parameter(text: string, name: string): string | undefined {
  for (const part of text.slice(0, 1000).split(/[;,]/)) {
    const [key, value = ''] = part.split('=', 2);
    if (key?.trim().toLowerCase() === name && /^\s*\d{1,15}\s*$/.test(value)) return value;
  }
  return undefined;
}

function build(limit: string | undefined, remaining: string | undefined, window: string | undefined) {
  if (limit === undefined || remaining === undefined) return undefined;
  const windowSeconds = Number(window ?? 0);
  const quota = { limit: Number(limit), remaining: Number(remaining) };
  return windowSeconds > 0 ? { ...quota, windowSeconds } : quota;
}
