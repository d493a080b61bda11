import { GantryError } from '../../gantry-error.ts';

/** What a hop was for: the registry itself, its token server, or the target of a redirect. */
export type Hop = 'registry' | 'token' | 'redirect';

/** Where a failed request went. `url` has been through `redactUrl`. */
export type RequestTrace = {
  readonly method: string;
  readonly url: string;
  readonly status?: number;
  readonly hop: Hop;
  /** How often it was sent, when more than once. */
  readonly attempts?: number;
};

/** What a person reads of a certificate. Times are ISO 8601; the fingerprint is SHA-256. */
export type CertificateInfo = {
  readonly subject: string;
  readonly issuer: string;
  readonly altNames: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly fingerprint: string;
};

/** The other scheme that was tried, and how that failed. */
export type OtherAttempt = { readonly url: string; readonly reason: string; readonly detail: string };

/** One entry of a registry's `errors[]`, cut to a bound. Spec: OCI Distribution 1.1, "Error Codes". */
export type ErrorCode = { readonly code: string; readonly message: string; readonly detail?: string };

export type NotFoundWhat = 'registry' | 'repository' | 'manifest' | 'blob' | 'unknown';
export type UnsupportedFeature = 'catalog' | 'schema1' | 'auth-scheme' | 'media-type' | 'referrers';
export type ProtocolReason =
  | 'not-json'
  | 'html'
  | 'empty'
  | 'too-deep'
  | 'bad-shape'
  | 'ambiguous'
  | 'bad-size'
  | 'encoding'
  | 'redirect'
  | 'link'
  | 'challenge'
  | 'token'
  | 'page-loop'
  | 'stale-list'
  | 'upload';
export type NetworkReason = 'dns' | 'refused' | 'unreachable' | 'reset' | 'timeout' | 'truncated' | 'proxy' | 'other';
export type TlsReason =
  | 'self-signed'
  | 'expired'
  | 'wrong-host'
  | 'untrusted'
  | 'not-tls'
  | 'client-certificate'
  | 'protocol-version'
  | 'other';

type Codes = { readonly codes: readonly ErrorCode[] };

/**
 * What went wrong, in the shape the wire's `AppError` has, so that the api layer copies it field by field.
 * Texts are a registry's own words or Node's, bounded and free of secrets, not yet escaped for display.
 */
export type RegistryFailure =
  | ({ readonly kind: 'unauthorized'; readonly hadCredential: boolean } & Codes)
  | ({ readonly kind: 'forbidden' } & Codes)
  | ({ readonly kind: 'not-found'; readonly what: NotFoundWhat } & Codes)
  | ({ readonly kind: 'rate-limited'; readonly retryAfterSeconds?: number } & Codes)
  | { readonly kind: 'unsupported'; readonly feature: UnsupportedFeature; readonly detail?: string }
  | ({ readonly kind: 'registry'; readonly status: number } & Codes)
  | { readonly kind: 'protocol'; readonly reason: ProtocolReason; readonly detail: string }
  | {
      readonly kind: 'network';
      readonly reason: NetworkReason;
      readonly host: string;
      readonly detail: string;
      readonly otherAttempt?: OtherAttempt;
    }
  | {
      readonly kind: 'tls';
      readonly reason: TlsReason;
      readonly host: string;
      readonly detail: string;
      readonly certificates?: readonly CertificateInfo[];
      readonly otherAttempt?: OtherAttempt;
    }
  /** A password would cross the network readable though nobody allowed plain http for this registry. */
  | { readonly kind: 'plaintext-auth'; readonly host: string }
  | { readonly kind: 'digest-mismatch'; readonly expected: string; readonly actual: string }
  | { readonly kind: 'too-large'; readonly limitBytes: number; readonly what: string }
  | {
      readonly kind: 'untrusted-host';
      readonly host: string;
      readonly registryHost: string;
      readonly detail: string;
      /** A token server of another name: in order once the person trusts it for this registry. */
      readonly canTrust?: true;
      /** An upload was to go there: in order once the person names it in the connection's `uploadHosts`. */
      readonly forUpload?: true;
    }
  | { readonly kind: 'cancelled' };

export type RegistryErrorKind = RegistryFailure['kind'];

/**
 * The one error of the registry client. `failure` says what happened, `trace` where; both may be shown and logged.
 * `cause` is kept for debugging only: it has not been redacted.
 */
export class RegistryError extends GantryError {
  override readonly name = 'RegistryError';
  readonly kind: RegistryErrorKind;
  readonly failure: RegistryFailure;
  readonly trace: RequestTrace | undefined;

  constructor(failure: RegistryFailure, trace?: RequestTrace, options?: ErrorOptions) {
    super(summarise(failure, trace), options);
    this.kind = failure.kind;
    this.failure = failure;
    this.trace = trace;
  }
}

/** True for a `RegistryError` of one of these kinds. */
export function isRegistryError(error: unknown, ...kinds: readonly RegistryErrorKind[]): error is RegistryError {
  return error instanceof RegistryError && (kinds.length === 0 || kinds.includes(error.kind));
}

function summarise(failure: RegistryFailure, trace: RequestTrace | undefined): string {
  const where = trace === undefined ? '' : ` (${trace.method} ${trace.url}${statusText(trace)})`;
  return `${failure.kind}${reasonText(failure)}${where}`;
}

function statusText(trace: RequestTrace): string {
  return trace.status === undefined ? '' : ` ${trace.status}`;
}

function reasonText(failure: RegistryFailure): string {
  if ('reason' in failure) return `/${failure.reason}: ${failure.detail}`;
  if ('detail' in failure && failure.detail !== undefined) return `: ${failure.detail}`;
  if ('codes' in failure && failure.codes.length > 0) return `: ${failure.codes.map((each) => each.code).join(', ')}`;
  return '';
}
