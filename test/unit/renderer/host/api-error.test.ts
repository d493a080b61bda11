import { ORPCError } from '@orpc/client';
import { describe, expect, it } from 'vitest';
import { ApiError, toApiError } from '#renderer/host/api-error.ts';

describe('toApiError', () => {
  it('carries the AppError of the contract', () => {
    const data = { kind: 'network', reason: 'refused', host: 'r.example', detail: 'x' } as const;
    const error = toApiError(new ORPCError('APP_ERROR', { status: 422, data }));
    expect(error).toBeInstanceOf(ApiError);
    expect(error.appError).toEqual(data);
  });

  it('is the same error when it is one already', () => {
    const error = new ApiError({ kind: 'cancelled' });
    expect(toApiError(error)).toBe(error);
  });

  it('tells a lost session, a large request and a host that is gone apart', () => {
    const kinds = [401, 413, 421, 500].map((status) => toApiError(new ORPCError('X', { status })).appError);
    expect(kinds).toEqual([
      { kind: 'host-unreachable', reason: 'session' },
      { kind: 'too-large', limitBytes: 1_048_576, what: 'request' },
      { kind: 'host-unreachable', reason: 'gone' },
      { kind: 'host-unreachable', reason: 'gone' },
    ]);
    expect(toApiError(new TypeError('Failed to fetch')).appError).toEqual({ kind: 'host-unreachable', reason: 'gone' });
  });

  it('does not trust data of another shape', () => {
    const error = toApiError(new ORPCError('APP_ERROR', { status: 422, data: { kind: 'made-up' } }));
    expect(error.appError).toEqual({ kind: 'host-unreachable', reason: 'gone' });
  });

  it('is cancelled once the caller has given up, whatever broke', () => {
    const error = toApiError(new TypeError('network error'), AbortSignal.abort());
    expect(error.appError).toEqual({ kind: 'cancelled' });
  });
});
