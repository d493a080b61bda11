import type { Readable } from 'node:stream';
import { contentLength, type Headers } from './headers.ts';
import { DeadlineError } from './node-failure.ts';
import { MIN_BODY_BYTES_PER_SECOND } from './timeouts.ts';

/**
 * Fails a body that trickles: less than 1 KiB a second over a whole window, while someone is reading it. undici's
 * idle timer sees only silence, so one byte a minute would never end (SECURITY-CASES L03). A reader that is slow
 * itself is not the server's fault and resets the window.
 */
export function watchBody(body: Readable, headers: Headers, windowMs: number): void {
  if (contentLength(headers) === 0) return;
  let pushed = 0;
  const push = body.push.bind(body);
  let backPressure = false;
  body.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (Buffer.isBuffer(chunk)) pushed += chunk.length;
    const wantsMore = push(chunk, encoding);
    if (!wantsMore) backPressure = true;
    return wantsMore;
  };
  const least = (MIN_BODY_BYTES_PER_SECOND * windowMs) / 1000;
  const timer = setInterval(() => {
    const slow = pushed < least && !backPressure && body.readableLength === 0 && body.readableFlowing !== null;
    pushed = 0;
    backPressure = false;
    if (slow) body.destroy(new DeadlineError(`slower than ${MIN_BODY_BYTES_PER_SECOND} bytes a second`));
  }, windowMs);
  timer.unref();
  body.once('close', () => clearInterval(timer));
}
