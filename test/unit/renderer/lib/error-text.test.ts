import { errorDetails } from '#renderer/lib/error-details.ts';
import { errorText } from '#renderer/lib/error-text.ts';
import { appErrorSchema, type AppError } from '#shared/api/app-error.ts';
import { describe, expect, it } from 'vitest';

const trace = { method: 'GET', url: 'https://r.example/v2/', status: 401, hop: 'registry' } as const;
const codes: { code: string; message: string }[] = [{ code: 'UNAUTHORIZED', message: 'authentication required' }];
const network = (['dns', 'refused', 'unreachable', 'reset', 'timeout', 'truncated', 'proxy', 'other'] as const).map(
  (reason): AppError => ({ kind: 'network', reason, host: 'r.example', detail: 'why' }),
);
const tls = (
  [
    'self-signed',
    'expired',
    'wrong-host',
    'untrusted',
    'not-tls',
    'client-certificate',
    'protocol-version',
    'other',
  ] as const
).map((reason): AppError => ({ kind: 'tls', reason, host: 'r.example', detail: 'why' }));
const notFound = (['registry', 'repository', 'manifest', 'blob', 'archive', 'transfer', 'unknown'] as const).map(
  (what): AppError => ({
    kind: 'not-found',
    what,
    codes: [],
  }),
);
const unsupported = (['catalog', 'schema1', 'auth-scheme', 'media-type', 'referrers', 'host'] as const).map(
  (feature): AppError => ({
    kind: 'unsupported',
    feature,
  }),
);
const archive = (
  [
    'not-an-archive',
    'truncated',
    'bad-entry',
    'bad-path',
    'bad-document',
    'missing-blob',
    'missing-image',
    'damaged',
    'too-large',
    'changed',
    'choose-platform',
    'not-an-image',
  ] as const
).map((reason): AppError => ({ kind: 'archive', reason, archive: 'images.tar', detail: 'blobs/sha256/aa' }));
const files = (
  [
    'not-open',
    'not-an-image',
    'no-such-path',
    'not-a-directory',
    'not-a-file',
    'broken-link',
    'too-many-links',
    'no-content',
    'unsafe-path',
    'too-many-entries',
  ] as const
).map((reason): AppError => ({ kind: 'files', reason, detail: 'etc/localtime' }));
const transfer = (
  [
    'same-destination',
    'bad-name',
    'no-platform',
    'cycle',
    'too-deep',
    'too-many',
    'source-gone',
    'destination-gone',
    'changed-after',
    'schema1-refused',
  ] as const
).map((reason): AppError => ({ kind: 'transfer', reason, detail: '1.27' }));
const errors: readonly AppError[] = [
  { kind: 'unauthorized', hadCredential: false, codes, trace },
  { kind: 'unauthorized', hadCredential: true, codes, trace },
  { kind: 'forbidden', codes: [] },
  ...notFound,
  { kind: 'rate-limited', retryAfterSeconds: 30, codes: [] },
  ...unsupported,
  { kind: 'registry', status: 503, codes: [] },
  { kind: 'protocol', reason: 'html', detail: '<html>' },
  ...network,
  ...tls,
  { kind: 'digest-mismatch', expected: 'sha256:aa', actual: 'sha256:bb' },
  { kind: 'too-large', limitBytes: 4_194_304, what: 'manifest' },
  { kind: 'untrusted-host', host: 'evil.example', registryHost: 'r.example', detail: 'token' },
  { kind: 'untrusted-host', host: 'evil.example', registryHost: 'r.example', detail: 'upload', forUpload: true },
  { kind: 'invalid-input', issues: [{ path: 'host', message: 'no host' }] },
  { kind: 'conflict', what: 'r.example is in the list' },
  { kind: 'credential-store', reason: 'locked' },
  { kind: 'credential-helper', helper: 'pass', reason: 'timeout', source: 'config.json', detail: '' },
  { kind: 'plaintext-auth', host: 'r.example' },
  { kind: 'disk', reason: 'full' },
  { kind: 'disk', reason: 'the disk is full', place: 'images.tar', keptBytes: 2048 },
  ...archive,
  ...files,
  ...transfer,
  { kind: 'cancelled' },
  { kind: 'internal', incidentId: 'abc' },
  { kind: 'host-unreachable', reason: 'gone' },
  { kind: 'host-unreachable', reason: 'session' },
];

describe('errorText', () => {
  it('is tested with every kind there is', () => {
    const kinds = appErrorSchema.options.map((option) => option.shape.kind.value);
    expect(new Set(errors.map(({ kind }) => kind))).toEqual(new Set(kinds));
  });

  it.each(errors)('has a title without a full stop and a sentence: $kind $reason $what $feature', (error) => {
    const { title, detail } = errorText(error);
    expect(title).toMatch(/^\S.*[^.]$/u);
    expect(detail.length).toBeGreaterThan(3);
    expect(`${title} ${detail}`).not.toContain('undefined');
  });

  it('tells a wrong sign-in from a missing one', () => {
    const wrong = errorText({ kind: 'unauthorized', hadCredential: true, codes: [] });
    const missing = errorText({ kind: 'unauthorized', hadCredential: false, codes: [] });
    expect(wrong.title).not.toBe(missing.title);
    expect([wrong.action, missing.action]).toEqual(['sign-in', 'sign-in']);
  });

  it('tells who refused a sign-in: the registry or its token server', () => {
    const titleAt = (hop: 'registry' | 'token') => {
      const where = { method: 'GET', url: 'https://auth.test/token', hop };
      return errorText({ kind: 'unauthorized', hadCredential: true, codes: [], trace: where }).title;
    };
    expect(titleAt('token')).toContain('token server');
    expect(titleAt('registry')).not.toContain('token server');
  });

  it('offers what mends it', () => {
    expect(errorText({ kind: 'unsupported', feature: 'catalog' }).action).toBe('pin');
    expect(errorText({ kind: 'tls', reason: 'not-tls', host: 'h', detail: '' }).action).toBe('use-plain-http');
    expect(errorText({ kind: 'network', reason: 'refused', host: 'h', detail: '' }).action).toBe('retry');
  });

  it('names both hosts when a token server of another name asks for the credential', () => {
    const error = { kind: 'untrusted-host', host: 'auth.other', registryHost: 'reg.example', detail: '' } as const;
    const { title, action } = errorText({ ...error, canTrust: true });
    expect([title.includes('auth.other'), title.includes('reg.example'), action]).toEqual([true, true, 'trust-host']);
    expect(errorText(error).action).toBeUndefined();
  });

  it('offers an authority before skipping verification, and plain http for a password that stayed here', () => {
    const untrusted = errorText({ kind: 'tls', reason: 'untrusted', host: 'h', detail: '' });
    expect([untrusted.action, untrusted.orElse]).toEqual(['add-authority', 'skip-verification']);
    expect(errorText({ kind: 'plaintext-auth', host: 'h' }).action).toBe('use-plain-http');
  });

  it('tells how both schemes failed', () => {
    const otherAttempt = { url: 'http://h', reason: 'refused', detail: 'ECONNREFUSED' };
    const error = { kind: 'tls', reason: 'not-tls', host: 'h', detail: 'no TLS', otherAttempt } as const;
    expect(errorText(error).detail).toContain('Plain HTTP was tried too: nothing answers there.');
    expect(errorDetails(error)).toContain('http://h → refused: ECONNREFUSED');
  });

  it.each(['bad-name', 'not-found', 'timeout', 'failed', 'bad-answer'] as const)(
    'says of a credential helper (%s) which it is, who names it, and that nothing else was tried',
    (reason) => {
      const { title, detail } = errorText({
        kind: 'credential-helper',
        helper: 'pass',
        reason,
        source: 'F',
        detail: '',
      });
      expect(title).toContain('pass');
      expect(detail).toMatch(/^F says .* No other credential was tried/);
    },
  );

  it('says where an image of schema 1 can stay as it is, and how to convert it', () => {
    const { title, detail } = errorText({ kind: 'transfer', reason: 'schema1-refused', detail: 'MANIFEST_INVALID' });
    expect(title).toContain('schema 1');
    expect(detail).toMatch(/Keep the image in Local, or save it as an OCI layout or OCI archive/);
    expect(detail).toContain('skopeo copy --format v2s2');
  });

  it('says how long a rate limit lasts, in minutes when it is long', () => {
    expect(errorText({ kind: 'rate-limited', retryAfterSeconds: 30, codes: [] }).detail).toContain('30 seconds');
    expect(errorText({ kind: 'rate-limited', retryAfterSeconds: 3600, codes: [] }).detail).toContain('60 minutes');
  });
});

describe('errorDetails', () => {
  it('holds the request, its status and what the registry said', () => {
    expect(errorDetails({ kind: 'unauthorized', hadCredential: true, codes, trace })).toEqual([
      'unauthorized',
      'GET https://r.example/v2/ → HTTP 401 (registry)',
      'UNAUTHORIZED: authentication required',
    ]);
  });

  it('is empty when there is nothing more to say', () => {
    expect(errorDetails({ kind: 'forbidden', codes: [] })).toEqual([]);
  });
});
