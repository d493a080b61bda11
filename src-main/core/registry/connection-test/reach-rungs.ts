import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { statusError } from '../remote/context.ts';
import { refuseWebPage } from '../remote/ping.ts';
import { classifyAddress, literalAddress } from '../transport/address-policy.ts';
import { discard } from '../transport/body.ts';
import { certificateChain } from '../transport/certificate-info.ts';
import { singleHeader } from '../transport/headers.ts';
import type { CertificateInfo } from '../transport/registry-error.ts';
import { apiUrl } from '../transport/route.ts';
import type { Ladder, Outcome } from './ladder.ts';

/** Where the registry is: by DNS, as written, or behind a proxy that looks names up itself. */
export async function resolveAddress({ finder, transport, signal }: Ladder): Promise<Outcome> {
  const { url } = finder.assumed;
  const proxy = transport.proxyOf(finder.assumed);
  if (proxy !== undefined) return { state: 'ok', detail: `${url.host} through the proxy ${proxy.host}` };
  if (literalAddress(url.hostname) !== undefined) return { state: 'ok', detail: `${url.host} is an address` };
  const addresses = await transport.resolve(url, signal);
  return { state: 'ok', detail: `${url.hostname} is at ${addresses.join(', ')}` };
}

/** Which scheme holds there, and a connection of its own with what TLS shows. */
export async function openConnection(ladder: Ladder): Promise<Outcome> {
  const { finder, transport, signal } = ladder;
  const endpoint = await finder.find(signal);
  ladder.context = ladder.createContext(endpoint);
  const socket = await transport.probe(endpoint, signal);
  try {
    const proxy = transport.proxyOf(endpoint);
    const certificates = socket instanceof TLSSocket ? certificateChain(socket) : [];
    const via = proxy === undefined ? peerOf(socket) : `through the proxy ${proxy.host}`;
    const outcome = judge(socket, proxy !== undefined);
    const detail = [via, ...describeTls(socket, certificates), ...outcome.remarks].join(', ');
    return { state: outcome.state, detail, ...(certificates.length === 0 ? {} : { certificates }) };
  } finally {
    socket.destroy();
  }
}

function judge(socket: Socket, isProxied: boolean): { state: 'ok' | 'warning'; remarks: readonly string[] } {
  if (socket instanceof TLSSocket) {
    if (socket.authorized) return { state: 'ok', remarks: [] };
    return { state: 'warning', remarks: ['the certificate is not trusted, as allowed'] };
  }
  if (!isProxied && classifyAddress(socket.remoteAddress ?? '') === 'loopback') {
    return { state: 'ok', remarks: ['plain http on this machine'] };
  }
  return { state: 'warning', remarks: ['plain http: passwords and images travel readable'] };
}

function peerOf(socket: Socket): string {
  return `${socket.remoteAddress ?? 'unknown'} port ${socket.remotePort ?? 'unknown'}`;
}

function describeTls(socket: Socket, [own]: readonly CertificateInfo[]): readonly string[] {
  if (!(socket instanceof TLSSocket)) return [];
  const facts = [socket.getProtocol() ?? 'TLS', socket.getCipher().name];
  if (own === undefined) return facts;
  const name = own.subject === '' ? own.altNames : own.subject;
  return [...facts, name === '' ? 'a certificate without a name' : name, `valid until ${own.validTo.slice(0, 10)}`];
}

/** GET /v2/ without any credential, as the first step of every registry conversation. */
export async function pingUnsigned(ladder: Ladder): Promise<Outcome> {
  const { context, transport, signal } = ladder;
  const { endpoint } = context;
  const url = apiUrl(endpoint, '/v2/');
  const request = { endpoint, method: 'GET', url, hop: 'registry', redirects: 'follow', signal } as const;
  const answer = await transport.send({ ...request, repeatable: false });
  ladder.answer = answer;
  if (answer.status === 200) await refuseWebPage(answer);
  if (answer.status === 401) discard(answer.body);
  const version = singleHeader(answer.headers, 'docker-distribution-api-version');
  const detail = `HTTP ${answer.status}${version === undefined ? '' : `, ${version.slice(0, 50)}`}`;
  if (answer.status === 200 || answer.status === 401) return { state: 'ok', detail };
  return { state: 'failed', detail, error: await statusError(context, answer, 'registry') };
}
