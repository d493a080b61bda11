import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { comesUp } from './comes-up.ts';
import { freePort } from './free-port.ts';

export type RunningRegistry = { readonly host: string; [Symbol.asyncDispose](): Promise<void> };

/** Distribution 3, as `go install` makes it. `program` is its path. */
export function startDistribution(program: string): Promise<RunningRegistry> {
  return startRegistryProgram((folder, port) => {
    const config = {
      version: '0.1',
      log: { level: 'error', accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: join(folder, 'data') }, delete: { enabled: true } },
      http: { addr: `127.0.0.1:${port}` },
    };
    writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
    return [program, 'serve', join(folder, 'config.json')];
  });
}

/** zot, which has the referrers API, and is told to take docker's media types. `program` is its path. */
export function startZot(program: string): Promise<RunningRegistry> {
  return startRegistryProgram((folder, port) => {
    const config = {
      distSpecVersion: '1.1.1',
      storage: { rootDirectory: join(folder, 'data'), gc: false },
      http: { address: '127.0.0.1', port: String(port), compat: ['docker2s2'] },
      log: { level: 'error' },
    };
    writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
    return [program, 'serve', join(folder, 'config.json')];
  });
}

/** Runs a program on a free port until it answers; `prepare` writes what it needs and gives its command line. */
async function startRegistryProgram(
  prepare: (folder: string, port: number) => readonly [string, ...string[]],
): Promise<RunningRegistry> {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-registry-'));
  const port = await freePort();
  const [program, ...args] = prepare(folder, port);
  const env = { PATH: process.env['PATH'], HOME: folder, OTEL_TRACES_EXPORTER: 'none' };
  const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-4000);
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  const host = `127.0.0.1:${port}`;
  const answers = () =>
    fetch(`http://${host}/v2/`).then(
      ({ status }) => status === 200,
      () => false,
    );
  try {
    await comesUp(child, answers);
  } catch (error) {
    await stop();
    throw new Error(`${program} did not start: ${stderr}`, { cause: error });
  }
  return { host, [Symbol.asyncDispose]: stop };
}
