import type { Dispatcher } from 'undici';
import type { Headers } from './headers.ts';

/** What has come of an answer's body so far. */
export type BodyTap = {
  readonly bytes: number;
  readonly start: Uint8Array;
  /** To be composed with the dispatcher of one request. */
  readonly interceptor: Dispatcher.DispatcherComposeInterceptor;
};

/**
 * Counts the bytes of an answer's body as they come off the wire and keeps the first of them, however the body is
 * read: it may hold bytes before anybody gets to see it.
 */
export function tapBody(options: {
  readonly bytesToKeep: (status: number, headers: Headers) => number;
  readonly onData: () => void;
}): BodyTap {
  const kept: Uint8Array[] = [];
  let missing = 0;
  let bytes = 0;
  const watch = (handler: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler => ({
    onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
    onResponseStarted: () => handler.onResponseStarted?.(),
    onResponseStart: (controller, status, headers, message) => {
      missing = options.bytesToKeep(status, headers);
      handler.onResponseStart?.(controller, status, headers, message);
    },
    onResponseData: (controller, chunk) => {
      bytes += chunk.length;
      options.onData();
      if (missing > 0) {
        kept.push(chunk.subarray(0, missing));
        missing -= Math.min(missing, chunk.length);
      }
      handler.onResponseData?.(controller, chunk);
    },
    onResponseEnd: (controller, trailers) => handler.onResponseEnd?.(controller, trailers),
    onResponseError: (controller, error) => handler.onResponseError?.(controller, error),
  });
  return {
    get bytes() {
      return bytes;
    },
    get start() {
      return Buffer.concat(kept);
    },
    interceptor: (dispatch) => (options, handler) => dispatch(options, watch(handler)),
  };
}
