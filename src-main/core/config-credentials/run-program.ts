import { type ChildProcess, spawn } from 'node:child_process';
import { parse } from 'node:path';
import type { Readable } from 'node:stream';
import type { Environment } from './config-places.ts';

const MAX_OUTPUT_BYTES = 64 * 1024;

/** How a program ended. */
export type ProgramEnd =
  | { readonly kind: 'exited'; readonly code: number | undefined; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'timeout' }
  /** More than 64 KiB on one of its outputs. */
  | { readonly kind: 'too-much' }
  | { readonly kind: 'not-started'; readonly why: string };

type Run = {
  readonly path: string;
  readonly args: readonly string[];
  readonly input: string;
  readonly env: Environment;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Runs a program without a shell, gives it `input` and reads what it says. One that takes too long, says too much or
 * is not wanted any more is killed with everything it started. Rejects with the signal's reason when aborted.
 */
export async function runProgram({ path, args, input, env, timeoutMs, signal }: Run): Promise<ProgramEnd> {
  signal?.throwIfAborted();
  const end = Promise.withResolvers<ProgramEnd>();
  const child = start(path, args, env);
  if (child === undefined) return { kind: 'not-started', why: 'it cannot be started' };
  const tooMuch = (): void => end.resolve({ kind: 'too-much' });
  const [stdout, stderr] = [collect(child.stdout, tooMuch), collect(child.stderr, tooMuch)];
  const abort = (): void => end.reject(signal?.reason);
  const timer = setTimeout(() => end.resolve({ kind: 'timeout' }), timeoutMs);
  signal?.addEventListener('abort', abort, { once: true });
  child.once('error', (error) => end.resolve({ kind: 'not-started', why: codeOf(error) }));
  let isClosed = false;
  child.once('close', (code) => {
    isClosed = true;
    end.resolve({ kind: 'exited', code: code ?? undefined, stdout: stdout(), stderr: stderr() });
  });
  // A program that does not read its input breaks the pipe; what it says then is what counts.
  child.stdin.once('error', () => undefined);
  child.stdin.end(input);
  try {
    return await end.promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    if (!isClosed) stop(child);
  }
}

/** A group of its own, so that what it starts can be killed with it, and no terminal on which it could ask. */
function start(path: string, args: readonly string[], env: Environment) {
  try {
    const isWindows = process.platform === 'win32';
    const cwd = parse(path).root;
    return spawn(path, args, { cwd, env: { ...env }, stdio: 'pipe', detached: !isWindows, windowsHide: true });
  } catch {
    // Thrown at once for what cannot be passed on at all, such as a variable with a NUL byte.
    return undefined;
  }
}

function collect(stream: Readable, tooMuch: () => void): () => string {
  const chunks: Buffer[] = [];
  let total = 0;
  stream.on('data', (chunk: Buffer) => {
    total += chunk.length;
    if (total > MAX_OUTPUT_BYTES) tooMuch();
    else chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

/** The whole group: a program that has ended may have left another behind that still holds its output. */
function stop(child: ChildProcess): void {
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}

function codeOf(error: Error): string {
  return 'code' in error ? `it cannot be started (${String(error.code)})` : 'it cannot be started';
}
