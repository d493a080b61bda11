import { describe, expect, it } from 'vitest';
import { readStart } from '#main/core/registry/transport/body.ts';
import type { HttpRequest } from '#main/core/registry/transport/http.ts';
import { LIMITS } from '#main/core/registry/transport/limits.ts';
import type { RequestEntry } from '#main/core/registry/transport/request-log.ts';
import { responseError } from '#main/core/registry/transport/response-error.ts';
import type { TransportEvent } from '#main/core/registry/transport/transport-event.ts';
import { endpointAt } from '#test/support/endpoint.ts';
import { type Engine, registryErrorOf, startEngine, TEST_NETWORK } from '#test/support/engine.ts';
import { json, type Reply, startFakeRegistry } from '#test/support/fake-registry.ts';

/** A request to a fake registry, and what the transport tells of it. */
function requestTo(host: string, more: Partial<HttpRequest> = {}) {
  const events: TransportEvent[] = [];
  const url = new URL(`http://${host}/v2/`);
  const endpoint = endpointAt(url.origin, { observe: (event) => void events.push(event) });
  const request: HttpRequest = { endpoint, method: 'GET', url, hop: 'registry', redirects: 'follow', ...more };
  const entry = async (): Promise<RequestEntry> => {
    const finished = () => events.find((event) => event.kind === 'finished');
    await expect.poll(finished).toBeDefined();
    return finished()!.entry;
  };
  return { request, events, entry };
}

const engineAt = (host: string): Engine => startEngine(host, { transport: TEST_NETWORK });
const bodyOf = async (engine: Engine, request: HttpRequest) => {
  const response = await engine.transport.send(request);
  return (await response.body.toArray()).join('');
};

describe('a POST', () => {
  it('carries its body and is told in the log without it', async () => {
    await using registry = await startFakeRegistry(() => json({ access_token: 't' }));
    await using engine = engineAt(registry.host);
    const { request, entry } = requestTo(registry.host, {
      method: 'POST',
      hop: 'token',
      body: 'refresh_token=canary',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    await bodyOf(engine, request);
    expect(registry.requests[0]).toMatchObject({ method: 'POST', headers: { 'content-length': '20' } });
    expect(registry.requests[0]?.body).toBe('refresh_token=canary');
    expect(await entry()).toMatchObject({ exchange: { method: 'POST', status: 200 }, hop: 'token', attempt: 1 });
    expect(JSON.stringify([await entry(), engine.log])).not.toContain('canary');
  });

  it.each([301, 302, 303, 307, 308])('is not sent on after %i (R07)', async (status) => {
    await using other = await startFakeRegistry(() => json({}));
    await using registry = await startFakeRegistry(() => ({ status, headers: { location: `http://${other.host}/` } }));
    await using engine = engineAt(registry.host);
    const { request } = requestTo(registry.host, { method: 'POST', body: 'x=y' });
    const error = await registryErrorOf(engine.transport.send(request));
    expect(error.failure).toMatchObject({ kind: 'protocol', reason: 'redirect' });
    expect(other.connections).toBe(0);
  });
});

describe('the 401 of a redirect target', () => {
  const challenged = (registry: Reply) =>
    startFakeRegistry((request) =>
      request.headers['authorization'] === 'Bearer anonymous' ? json('there') : registry,
    );
  const unauthorized: Reply = { status: 401, headers: { 'www-authenticate': 'Bearer realm="/t"' }, body: 'who?' };

  it('is answered with what the request knows for it, there and nowhere else (R08)', async () => {
    await using last = await startFakeRegistry(() => json('end'));
    await using cdn = await challenged(unauthorized);
    await using registry = await startFakeRegistry(() => ({
      status: 307,
      headers: { location: `http://cdn.public.test:${cdn.port}/b` },
    }));
    await using engine = engineAt(`registry.public.test:${registry.port}`);
    const asked: unknown[] = [];
    const { request } = requestTo(`registry.public.test:${registry.port}`, {
      authorization: 'Bearer canary',
      answerRedirectChallenge: (refused) => {
        asked.push(refused.url.host, refused.headers['www-authenticate']);
        return Promise.resolve('Bearer anonymous');
      },
    });
    expect(await bodyOf(engine, request)).toBe('"there"');
    expect(asked).toEqual([`cdn.public.test:${cdn.port}`, 'Bearer realm="/t"']);
    expect(cdn.requests.map((each) => each.headers['authorization'])).toEqual([undefined, 'Bearer anonymous']);
    expect(cdn.received).not.toContain('canary');
    expect(last.connections).toBe(0);
  });

  it('is the answer when nothing is known for it, body and all', async () => {
    await using cdn = await challenged(unauthorized);
    await using registry = await startFakeRegistry(() => ({
      status: 307,
      headers: { location: `http://${cdn.host}/b` },
    }));
    await using engine = engineAt(registry.host);
    const { request } = requestTo(registry.host, { answerRedirectChallenge: () => Promise.resolve(undefined) });
    const response = await engine.transport.send(request);
    expect([response.status, (await response.body.toArray()).join('')]).toEqual([401, 'who?']);
    expect(engine.transport.scheduler.load(cdn.host)).toEqual({ active: 0, waiting: 0 });
  });
});

describe('the log of requests', () => {
  it('shows an error answer as it came, without secrets (V18)', async () => {
    const canary = 'canary-s3cret';
    await using registry = await startFakeRegistry(() => ({
      status: 403,
      headers: {
        'content-type': 'application/json',
        'x-debug': canary,
        'set-cookie': canary,
        'www-authenticate': `Basic realm="${canary}"`,
        warning: `299 - "${canary}"`,
      },
      body: JSON.stringify({ errors: [{ message: `no ${canary}, Bearer abcdefghijklmnopqrstuvwxyz` }] }),
    }));
    await using engine = engineAt(registry.host);
    const { request, events, entry } = requestTo(registry.host, {
      authorization: `Bearer ${canary}`,
      secrets: [canary],
      url: new URL(`http://${registry.host}/v2/?token=${canary}`),
    });
    await bodyOf(engine, request);
    expect(await entry()).toMatchObject({
      registryHost: registry.host,
      exchange: {
        url: `http://${registry.host}/v2/?token=REDACTED`,
        status: 403,
        bodyStart: '{"errors":[{"message":"no REDACTED, REDACTED"}]}',
      },
      bodyBytes: 78,
    });
    const { requestHeaders } = (await entry()).exchange;
    expect(requestHeaders).toContainEqual(['authorization', `Bearer (hidden, ${canary.length} characters)`]);
    const shown = [await entry(), engine.log, events.filter((event) => event.kind === 'finished')];
    expect(JSON.stringify(shown)).not.toContain(canary);
  });

  it('hides a secret that lies across the end of what is shown of a body', async () => {
    const canary = 'canary-'.repeat(40);
    const body = `${'x'.repeat(2040)}${canary}`;
    await using registry = await startFakeRegistry(() => ({
      status: 500,
      headers: { 'content-type': 'text/plain' },
      body,
    }));
    await using engine = engineAt(registry.host);
    const { request, entry } = requestTo(registry.host, { secrets: [canary], repeatable: false });
    await bodyOf(engine, request);
    expect((await entry()).exchange.bodyStart).toBe(`${'x'.repeat(2040)}REDACTED`);
  });

  it('hides a secret cut in half where keeping a body ended, though others before it shrank (V18, A09)', async () => {
    const canary = `canary-${'s3cret-'.repeat(136)}end`;
    await using registry = await startFakeRegistry(() => ({
      status: 403,
      headers: { 'content-type': 'text/plain' },
      body: `denied: ${`${canary} `.repeat(200)}`,
    }));
    await using engine = engineAt(registry.host);
    const { request, entry } = requestTo(registry.host, { secrets: [canary], repeatable: false });
    const response = await engine.transport.send(request);
    const body = await readStart(response.body, LIMITS.errorBytes);
    const { bodyStart } = (await entry()).exchange;
    expect(bodyStart).toMatch(/^denied: (?:REDACTED )+/);
    expect(bodyStart).not.toMatch(/canary|s3cret/);
    const { status, headers, trace } = response;
    const told = { status, headers, body, trace, hadCredential: true, what: 'manifest', nowMs: 0 } as const;
    expect(JSON.stringify(responseError({ ...told, secrets: [canary] }).failure)).not.toMatch(/canary|s3cret/);
  });

  it('never shows what a token server said', async () => {
    await using registry = await startFakeRegistry(() => json({ token: 'canary' }, {}, 401));
    await using engine = engineAt(registry.host);
    const { request, entry } = requestTo(registry.host, { hop: 'token' });
    await bodyOf(engine, request);
    expect((await entry()).exchange).not.toHaveProperty('bodyStart');
  });

  it('names the failure of a request without an answer, and of a body cut short', async () => {
    await using registry = await startFakeRegistry((_request, index) => ({
      raw: (socket) => {
        if (index === 0) socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{');
        else socket.end('SSH-2.0\r\n');
      },
    }));
    await using engine = engineAt(registry.host);
    const cut = requestTo(registry.host);
    await expect(bodyOf(engine, cut.request)).rejects.toThrow(/other side closed|terminated/);
    expect(await cut.entry()).toMatchObject({ failure: 'network/truncated', bodyBytes: 1 });
    const broken = requestTo(registry.host);
    await registryErrorOf(engine.transport.send(broken.request));
    expect(await broken.entry()).toMatchObject({ failure: 'protocol/bad-shape' });
    expect(broken.events.map((event) => event.kind)).toEqual(['failed', 'finished']);
  });

  it('does not list a request that left the queue unsent', async () => {
    await using registry = await startFakeRegistry(() => json({}));
    await using engine = engineAt(registry.host);
    const { request, events } = requestTo(registry.host, { signal: AbortSignal.abort() });
    await registryErrorOf(engine.transport.send(request));
    expect(events.map((event) => event.kind)).toEqual(['failed']);
  });
});
