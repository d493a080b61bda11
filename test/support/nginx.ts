import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findNginx } from '../../build/setup/tools.mjs';
import type { Certificate } from './certificates.ts';
import { accepts, comesUp } from './comes-up.ts';
import { freePort } from './free-port.ts';

export type NginxServer = {
  /** Serve https with this certificate. */
  readonly tls?: Certificate;
  /** PEM of the authority whose client certificates are demanded. */
  readonly clientAuthority?: string;
  /** The `location` blocks; `ports` are those of all servers, in order. */
  readonly locations: (ports: readonly number[]) => string;
};

export type NginxRequest = {
  readonly method: string;
  /** Path and query as on the wire. */
  readonly path: string;
  readonly status: number;
  readonly port: number;
  /** The whole header; empty when there was none. */
  readonly authorization: string;
  /** Subject of the client certificate; empty when there was none. */
  readonly client: string;
};

export type Nginx = {
  /** `127.0.0.1:port` of the first server. */
  readonly host: string;
  readonly ports: readonly number[];
  /** What was answered so far, in order of answers. A line is there once its request has ended. */
  requests(): readonly NginxRequest[];
  [Symbol.asyncDispose](): Promise<void>;
};

/** False: no nginx, a visible skip; where `CI=true` says that the machine was set up for us, an error. */
export function hasNginx(): boolean {
  const found = findNginx() !== undefined;
  if (!found && process.env['CI'] === 'true') throw new Error('not installed: nginx');
  return found;
}

/** Passed on as nginx would in front of a registry: bodies unbuffered and of any size, the outer address told. */
export const PASS_ON = `
  proxy_http_version 1.1; proxy_request_buffering off; proxy_buffering off; client_max_body_size 0;
  proxy_set_header Host $http_host; proxy_set_header X-Forwarded-Proto $scheme;`;

/** Directives that stand beside `locations`, such as the zone of a rate limit. */
export type NginxOptions = { readonly http?: string };

/** Starts nginx on free loopback ports, one for each server, and waits until the first of them takes connections. */
export async function startNginx(servers: readonly NginxServer[], options: NginxOptions = {}): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-nginx-'));
  mkdirSync(join(folder, 'temp'));
  const ports = await Promise.all(servers.map(() => freePort()));
  const config = join(folder, 'nginx.conf');
  writeFileSync(config, configuration(folder, ports, servers, options));
  const child = spawn(findNginx() ?? 'nginx', ['-p', folder, '-c', config, '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-4000);
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await comesUp(child, () => accepts(ports[0] ?? 0));
  } catch (error) {
    await stop();
    throw new Error(`nginx did not start: ${stderr}`, { cause: error });
  }
  return {
    host: `127.0.0.1:${ports[0]}`,
    ports,
    requests: () => readRequests(join(folder, 'access.log')),
    [Symbol.asyncDispose]: stop,
  };
}

const LOG_FORMAT =
  '\'{"method":"$request_method","path":"$request_uri","status":$status,"port":$server_port,' +
  '"authorization":"$http_authorization","client":"$ssl_client_s_dn"}\'';

function configuration(
  folder: string,
  ports: readonly number[],
  servers: readonly NginxServer[],
  options: NginxOptions,
): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return [
    `daemon off; master_process off; pid ${join(folder, 'nginx.pid')}; error_log stderr;`,
    'events { worker_connections 256; }',
    'http {',
    ...temporary.map((name) => `  ${name}_temp_path ${join(folder, 'temp', name)};`),
    `  log_format json escape=json ${LOG_FORMAT};`,
    `  access_log ${join(folder, 'access.log')} json;`,
    options.http ?? '',
    ...servers.map((server, index) => serverBlock(folder, ports, server, index)),
    '}',
  ].join('\n');
}

function serverBlock(folder: string, ports: readonly number[], server: NginxServer, index: number): string {
  const lines = [`listen 127.0.0.1:${ports[index]}${server.tls === undefined ? '' : ' ssl'};`];
  const file = (name: string, content: string) => {
    const path = join(folder, `${index}-${name}.pem`);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  if (server.tls !== undefined) {
    lines.push(`ssl_certificate ${file('certificate', server.tls.certificate)};`);
    lines.push(`ssl_certificate_key ${file('key', server.tls.key)};`);
  }
  if (server.clientAuthority !== undefined) {
    lines.push(`ssl_client_certificate ${file('authority', server.clientAuthority)}; ssl_verify_client on;`);
  }
  return `server {\n${lines.join('\n')}\n${server.locations(ports)}\n}`;
}

function readRequests(path: string): readonly NginxRequest[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as NginxRequest);
}
