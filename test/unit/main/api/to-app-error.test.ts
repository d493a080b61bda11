import { ORPCError, ValidationError } from '@orpc/server';
import { describe, expect, it } from 'vitest';
import { toAppError } from '#main/api/to-app-error.ts';
import {
  ArchiveError,
  ConflictError,
  ContentSizeError,
  CredentialHelperError,
  CredentialStoreError,
  DigestMismatchError,
  DiskError,
  InvalidInputError,
  NotFoundError,
} from '#main/core/gantry-error.ts';
import { JobStopped } from '#main/core/jobs/job-queue.ts';
import { FilesError } from '#main/core/layers/files-error.ts';
import { RegistryError, type RegistryFailure } from '#main/core/registry/transport/registry-error.ts';
import { TransferError } from '#main/core/transfer/transfer-error.ts';
import { type AppError, type AppErrorKind, appErrorSchema } from '#shared/api/app-error.ts';
import { OciError, type OciErrorKind } from '#shared/oci/oci-error.ts';
import { recordingLogger } from '#test/support/recording-logger.ts';
import { openTestStorage } from '#test/support/storage.ts';

const CANARY = 'canary-5ecret';
const trace = { method: 'GET', url: 'https://registry.example/v2/', status: 401, hop: 'registry' } as const;
const codes = [{ code: 'UNAUTHORIZED', message: 'no', detail: 'x' }];

function convert(error: unknown, signal?: AbortSignal) {
  const logger = recordingLogger();
  return { appError: toAppError(error, { logger, signal }), logger };
}

/** One failure of each kind of the registry client. The compiler asks for a new kind to be put here. */
const FAILURES: { readonly [Kind in RegistryFailure['kind']]: Extract<RegistryFailure, { kind: Kind }> } = {
  unauthorized: { kind: 'unauthorized', hadCredential: true, codes },
  forbidden: { kind: 'forbidden', codes },
  'not-found': { kind: 'not-found', what: 'manifest', codes },
  'rate-limited': { kind: 'rate-limited', retryAfterSeconds: 30, codes },
  unsupported: { kind: 'unsupported', feature: 'catalog', detail: 'HTTP 401' },
  registry: { kind: 'registry', status: 500, codes },
  protocol: { kind: 'protocol', reason: 'html', detail: 'a page' },
  network: { kind: 'network', reason: 'refused', host: 'registry.example', detail: 'ECONNREFUSED' },
  tls: { kind: 'tls', reason: 'expired', host: 'registry.example', detail: 'CERT_HAS_EXPIRED' },
  'digest-mismatch': { kind: 'digest-mismatch', expected: 'sha256:a', actual: 'sha256:b' },
  'too-large': { kind: 'too-large', limitBytes: 4_194_304, what: 'manifest' },
  'untrusted-host': { kind: 'untrusted-host', host: 'evil.example', registryHost: 'registry.example', detail: 'realm' },
  'plaintext-auth': { kind: 'plaintext-auth', host: 'registry.test' },
  cancelled: { kind: 'cancelled' },
};

describe('toAppError', () => {
  it.each(Object.entries(FAILURES).filter(([kind]) => kind !== 'cancelled'))(
    'keeps every field of a registry failure: %s',
    (_kind, failure) => {
      expect(convert(new RegistryError(failure, trace)).appError).toMatchObject({ ...failure, trace });
      expect(convert(new RegistryError(failure)).appError).toMatchObject(failure);
    },
  );

  it('says which failures may pass by themselves', () => {
    expect(convert(new RegistryError(FAILURES['rate-limited'])).appError).toHaveProperty('temporary', true);
    expect(convert(new RegistryError(FAILURES.forbidden)).appError).toEqual(FAILURES.forbidden);
  });

  it('drops what a registry failure has beyond the contract, and its cause', () => {
    const failure = { ...FAILURES.forbidden, password: CANARY } as RegistryFailure;
    const error = new RegistryError(failure, trace, { cause: new Error(CANARY) });
    expect(JSON.stringify(convert(error).appError)).not.toContain(CANARY);
  });

  it.each<[Error, AppError]>([
    [new ConflictError('it is there'), { kind: 'conflict', what: 'it is there' }],
    [new NotFoundError('registry'), { kind: 'not-found', what: 'registry', codes: [] }],
    [new CredentialStoreError('locked'), { kind: 'credential-store', reason: 'locked' }],
    [new DiskError('full'), { kind: 'disk', reason: 'full' }],
    [
      new DiskError('full', { place: 'images.tar', keptBytes: 7 }),
      { kind: 'disk', reason: 'full', place: 'images.tar', keptBytes: 7 },
    ],
    [
      new ArchiveError('bad-path', 'images.tar', '../x'),
      { kind: 'archive', reason: 'bad-path', archive: 'images.tar', detail: '../x' },
    ],
    [
      new DigestMismatchError('sha256:a', 'sha256:b'),
      { kind: 'digest-mismatch', expected: 'sha256:a', actual: 'sha256:b' },
    ],
    [
      new ContentSizeError(5, 6),
      { kind: 'protocol', reason: 'bad-size', detail: '6 bytes came where 5 were promised' },
    ],
    [
      new InvalidInputError('auth.username', 'no colon'),
      { kind: 'invalid-input', issues: [{ path: 'auth.username', message: 'no colon' }] },
    ],
  ])('knows our own errors: %o', (error, expected) => {
    expect(convert(error).appError).toEqual(expected);
  });

  it.each<[OciErrorKind, string]>([
    ['not-json', 'not-json'],
    ['too-deep', 'too-deep'],
    ['bad-size', 'bad-size'],
    ['ambiguous', 'ambiguous'],
    ['bad-shape', 'bad-shape'],
    ['limit', 'bad-shape'],
    ['digest-syntax', 'bad-shape'],
    ['reference-syntax', 'bad-shape'],
    ['host-syntax', 'bad-shape'],
    ['platform-syntax', 'bad-shape'],
  ])('calls a document refused as %s a protocol error: %s', (kind, reason) => {
    const { appError } = convert(new OciError(kind, 'why', CANARY));
    expect(appError).toEqual({ kind: 'protocol', reason, detail: 'why' });
  });

  it('turns refused input into paths and messages', () => {
    const issues = [
      { message: 'too short', path: ['auth', { key: 'username' }] },
      { message: 'not a list', path: ['tags', 3] },
      { message: 'nothing at all' },
    ];
    const cause = new ValidationError({ message: 'x', issues, data: { secret: CANARY } });
    const { appError } = convert(new ORPCError('BAD_REQUEST', { message: 'x', data: { CANARY }, cause }));
    expect(appError).toEqual({
      kind: 'invalid-input',
      issues: [
        { path: 'auth.username', message: 'too short' },
        { path: 'tags.3', message: 'not a list' },
        { path: '', message: 'nothing at all' },
      ],
    });
  });

  it('names at most 20 issues', () => {
    const issues = Array.from({ length: 1000 }, (_, index) => ({ message: 'bad', path: ['tags', index] }));
    const cause = new ValidationError({ message: 'x', issues, data: [] });
    const { appError } = convert(new ORPCError('BAD_REQUEST', { cause }));
    expect(appError.kind === 'invalid-input' && appError.issues).toHaveLength(20);
  });

  it.each([['ENOSPC'], ['EDQUOT'], ['EROFS'], ['EACCES'], ['EPERM'], ['EIO'], ['EMFILE'], ['ENFILE']])(
    'calls %s a disk error and names no path',
    (code) => {
      const error = Object.assign(new Error(`${code}: /home/${CANARY}`), { code, syscall: 'write', path: CANARY });
      const { appError } = convert(error);
      expect(appError.kind).toBe('disk');
      expect(JSON.stringify(appError)).not.toContain(CANARY);
    },
  );

  it("gives SQLite's words for a failure of the database", () => {
    const storage = openTestStorage();
    let thrown: unknown;
    try {
      storage.pins.add({ registryId: 'nobody', repository: 'a' });
    } catch (error) {
      thrown = error;
    }
    expect(convert(thrown).appError).toEqual({ kind: 'disk', reason: 'FOREIGN KEY constraint failed' });
  });

  it.each([
    ['an abort of the caller', new Error('whatever'), AbortSignal.abort()],
    ['an AbortError', new DOMException('stopped', 'AbortError'), undefined],
    ['a cancelled registry call', new RegistryError({ kind: 'cancelled' }), undefined],
  ])('calls %s cancelled, and logs nothing', (_name, error, signal) => {
    const { appError, logger } = convert(error, signal);
    expect(appError).toEqual({ kind: 'cancelled' });
    expect(logger.lines).toEqual([]);
  });

  it.each([
    ['an Error', new TypeError(CANARY)],
    ['an Error with a cause', new Error('x', { cause: CANARY })],
    ['an oRPC error of another code', new ORPCError('TEAPOT', { message: CANARY, data: CANARY })],
    ['a string', CANARY],
    ['an object', { kind: 'conflict', what: CANARY }],
    ['null', null],
    ['undefined', undefined],
  ])('makes %s internal, without a word of it', (_name, error) => {
    const { appError, logger } = convert(error);
    expect(appError).toEqual({ kind: 'internal', incidentId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(JSON.stringify(appError)).not.toContain(CANARY);
    const incidentId = appError.kind === 'internal' ? appError.incidentId : '';
    expect(logger.lines).toMatchObject([{ level: 'error', event: 'api.internal-error', fields: { incidentId } }]);
  });

  it('logs message and stack of an unknown error under its incident id', () => {
    const { logger } = convert(new TypeError('what happened'));
    expect(logger.lines[0]?.fields).toMatchObject({
      name: 'TypeError',
      message: 'what happened',
      stack: expect.stringContaining('to-app-error.test.ts'),
    });
  });

  it('tells which credential helper failed and which file names it', () => {
    const failure = { helper: 'pass', reason: 'timeout', source: '/home/a/.docker/config.json', detail: '' } as const;
    expect(convert(new CredentialHelperError(failure)).appError).toEqual({ kind: 'credential-helper', ...failure });
  });

  it('tells what of an image cannot be looked into', () => {
    expect(convert(new FilesError('broken-link', 'etc/localtime')).appError).toEqual({
      kind: 'files',
      reason: 'broken-link',
      detail: 'etc/localtime',
    });
  });

  it('tells why something cannot be copied as it was asked for, and takes a stopped job for no error', () => {
    const reason = 'same-destination' as const;
    expect(convert(new TransferError(reason, '1.27')).appError).toEqual({ kind: 'transfer', reason, detail: '1.27' });
    expect(convert(new JobStopped('pause')).appError).toEqual({ kind: 'cancelled' });
  });

  it('can answer every kind the contract has, but the one the page makes when its host is gone', () => {
    const kinds: readonly AppErrorKind[] = appErrorSchema.options.map((option) => option.shape.kind.value);
    const own = [
      'conflict',
      'credential-helper',
      'credential-store',
      'disk',
      'archive',
      'files',
      'transfer',
      'invalid-input',
      'internal',
      'host-unreachable',
    ];
    expect([...Object.keys(FAILURES), ...own].toSorted()).toEqual(kinds.toSorted());
  });
});
