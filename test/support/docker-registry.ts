import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { get as getTls } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { comesUp } from './comes-up.ts';
import { freePort } from './free-port.ts';
import { run } from './run.ts';

export type DockerRegistryOptions = {
  readonly auth?:
    | { readonly kind: 'htpasswd'; readonly username: string; readonly password: string }
    | {
        readonly kind: 'token';
        readonly realm: string;
        readonly service: string;
        readonly issuer: string;
        /** PEM of the certificate whose key signs tokens. */
        readonly certificate: string;
      };
  /** Default: any free one. */
  readonly port?: number;
  /** PEM files' contents: serve https. */
  readonly tls?: { readonly certificate: string; readonly key: string };
};

export type DockerRegistry = {
  /** `127.0.0.1:port` */
  readonly host: string;
  readonly port: number;
  [Symbol.asyncDispose](): Promise<void>;
};

/** Starts Debian's docker-registry on a free loopback port, and waits until it answers. */
export async function startDockerRegistry(options: DockerRegistryOptions = {}): Promise<DockerRegistry> {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-registry-'));
  const port = options.port ?? (await freePort());
  const config = join(folder, 'config.json');
  writeFileSync(config, JSON.stringify(await buildConfig(folder, port, options)));
  const child = spawn('docker-registry', ['serve', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-4000);
  });
  const stop = async () => {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const url = `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}/v2/`;
    await comesUp(child, () => answers(url));
  } catch (error) {
    await stop();
    throw new Error(`docker-registry did not start: ${stderr}`, { cause: error });
  }
  return { host: `127.0.0.1:${port}`, port, [Symbol.asyncDispose]: stop };
}

/** JSON is YAML, so the configuration needs no YAML writer. */
async function buildConfig(folder: string, port: number, options: DockerRegistryOptions): Promise<object> {
  return {
    version: '0.1',
    log: { level: 'error', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(folder, 'data') }, delete: { enabled: true } },
    http: { addr: `127.0.0.1:${port}`, ...tlsConfig(folder, options) },
    ...(await authConfig(folder, options)),
  };
}

function tlsConfig(folder: string, options: DockerRegistryOptions): object {
  if (options.tls === undefined) return {};
  const [certificate, key] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
  writeFileSync(certificate, options.tls.certificate);
  writeFileSync(key, options.tls.key);
  return { tls: { certificate, key } };
}

async function authConfig(folder: string, { auth }: DockerRegistryOptions): Promise<object> {
  if (auth === undefined) return {};
  if (auth.kind === 'htpasswd') {
    const path = join(folder, 'htpasswd');
    writeFileSync(path, await run('htpasswd', ['-Bbn', auth.username, auth.password]));
    return { auth: { htpasswd: { realm: 'test', path } } };
  }
  const rootcertbundle = join(folder, 'issuer.crt');
  writeFileSync(rootcertbundle, auth.certificate);
  const { realm, service, issuer } = auth;
  return { auth: { token: { realm, service, issuer, rootcertbundle } } };
}

function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const open = url.startsWith('https:') ? getTls : get;
    open(url, { rejectUnauthorized: false, agent: false }, (response) => {
      response.resume();
      resolve(true);
    }).once('error', () => resolve(false));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
  await gone;
  clearTimeout(timer);
}
