import type { Dispatcher } from 'undici';
import { isObject } from './is-object.ts';

const LOST: ReadonlySet<unknown> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/**
 * Repeats a GET or HEAD, once and by `fresh`, when its connection ended before a byte of the answer: a server closes
 * idle connections when it likes, and a request may already be on its way. The second loss is told.
 * Spec: RFC 9110, 9.2.2 "Idempotent Methods"; RFC 9112, 9.3.1 "Retrying Requests".
 */
export function repeatLost(fresh: Dispatcher): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => {
    const isIdempotent = options.method === 'GET' || options.method === 'HEAD';
    // Who says `idempotent: false` repeats by themselves.
    return isIdempotent && options.idempotent !== false
      ? dispatch(options, watch(options, handler, fresh))
      : dispatch(options, handler);
  };
}

function watch(
  options: Dispatcher.DispatchOptions,
  handler: Dispatcher.DispatchHandler,
  fresh: Dispatcher,
): Dispatcher.DispatchHandler {
  let isSent = false;
  let hasAnswer = false;
  return {
    onRequestStart: (controller, context) => {
      isSent = true;
      handler.onRequestStart?.(controller, context);
    },
    onResponseStarted: () => {
      hasAnswer = true;
      handler.onResponseStarted?.();
    },
    onResponseStart: (...answer) => handler.onResponseStart?.(...answer),
    onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
    onResponseEnd: (controller, trailers) => handler.onResponseEnd?.(controller, trailers),
    onResponseError: (controller, error) => {
      const isLost = isSent && !hasAnswer && isObject(error) && LOST.has(error['code']);
      if (isLost) fresh.dispatch(options, handler);
      else handler.onResponseError?.(controller, error);
    },
  };
}
