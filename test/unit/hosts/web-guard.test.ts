import { networkInterfaces } from 'node:os';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendRaw, sendRequest } from '#test/support/raw-request.ts';
import { startSmallWebServer, type SmallWebServer } from '#test/support/web-server.ts';

let server: SmallWebServer;
beforeAll(async () => {
  server = await startSmallWebServer();
});
afterAll(() => server.stop());

const call = (headers: Record<string, string>, method = 'POST', body = '{}') =>
  sendRequest(server.port, { method, path: '/rpc/host/info', headers: { ...server.goodHeaders, ...headers }, body });

describe('a call that is in order', () => {
  it('is answered', async () => {
    const answer = await call({});
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('"version":"0.0.0"');
  });

  it('may have no Sec-Fetch-Site, or that of its own site', async () => {
    expect((await call({ 'Sec-Fetch-Site': 'same-origin' })).status).toBe(200);
  });
});

describe('W01 the Host header', () => {
  it.each(['127.0.0.1', 'localhost', '[::1]'])('may be %s with our port', async (name) => {
    expect((await sendRequest(server.port, { headers: { Host: `${name}:${server.port}` } })).status).toBe(200);
  });

  it.each([
    ['another name', () => 'evil.example'],
    ['another name with our port', () => `evil.example:${server.port}`],
    ['our name without the port', () => '127.0.0.1'],
    ['our name with another port', () => `127.0.0.1:${server.port + 1}`],
    ['a name that ends like ours', () => `evil.localhost:${server.port}`],
    ['a name that begins like ours', () => `127.0.0.1.nip.example:${server.port}`],
    ['another loopback address', () => `127.0.0.2:${server.port}`],
    ['a user before ours', () => `evil@127.0.0.1:${server.port}`],
  ])('is refused with 421 when it is %s, on every path and method', async (_what, host) => {
    const headers = { ...server.goodHeaders, Host: host() };
    const answers = await Promise.all([
      sendRequest(server.port, { headers }),
      sendRequest(server.port, { method: 'POST', path: '/session', headers, body: '{}' }),
      sendRequest(server.port, { method: 'POST', path: '/rpc/host/info', headers, body: '{}' }),
      sendRequest(server.port, { method: 'OPTIONS', path: '/rpc/host/info', headers }),
      sendRequest(server.port, { headers: { ...headers, Upgrade: 'websocket', Connection: 'Upgrade' } }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([421, 421, 421, 421, 421]);
  });

  it('is refused when it is sent twice or not at all', async () => {
    const twice = `GET / HTTP/1.1\r\nHost: ${server.host}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`;
    expect((await sendRaw(server.port, twice)).status).toBe(421);
    expect((await sendRaw(server.port, 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n')).status).toBe(400);
    expect((await sendRaw(server.port, 'GET / HTTP/1.0\r\n\r\n')).status).toBe(421);
  });

  it('is not replaced by an absolute request target', async () => {
    const path = `http://evil.example/index.html`;
    expect((await sendRequest(server.port, { path, headers: { Host: server.host } })).status).toBe(400);
  });
});

describe('W02 the Origin header', () => {
  it.each(['null', 'https://evil.example', 'http://evil.example', 'http://127.0.0.1', 'http://localhost:1', ''])(
    'is refused with 403 when it is "%s", on every path',
    async (origin) => {
      const headers = { ...server.goodHeaders, Origin: origin };
      const answers = await Promise.all([
        sendRequest(server.port, { headers }),
        sendRequest(server.port, { method: 'POST', path: '/session', headers, body: '{}' }),
        sendRequest(server.port, { method: 'POST', path: '/rpc/host/info', headers, body: '{}' }),
        sendRequest(server.port, { headers: { ...headers, Upgrade: 'websocket', Connection: 'Upgrade' } }),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    },
  );

  it('is refused with another scheme than ours', async () => {
    expect((await call({ Origin: `https://${server.host}` })).status).toBe(403);
  });

  it('has to be there in a POST', async () => {
    const { Origin: _, ...headers } = server.goodHeaders;
    const answer = await sendRequest(server.port, { method: 'POST', path: '/rpc/host/info', headers, body: '{}' });
    expect(answer.status).toBe(403);
  });

  it('is not enough where the browser says that the request is cross-site', async () => {
    expect((await call({ 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
  });
});

describe('W03 the token', () => {
  it.each([
    ['absent', undefined],
    ['empty', ''],
    ['wrong', 'A'.repeat(43)],
    ['the beginning of ours', 'prefix'],
  ])('gives 401 when it is %s', async (what, value) => {
    const { 'X-Gantry-Token': token, ...rest } = server.goodHeaders;
    const given = what === 'the beginning of ours' ? token.slice(0, -1) : value;
    const headers = given === undefined ? rest : { ...rest, 'X-Gantry-Token': given };
    const answer = await sendRequest(server.port, { method: 'POST', path: '/rpc/host/info', headers, body: '{}' });
    expect(answer.status).toBe(401);
  });

  it('is not taken from a cookie, the query or the Authorization header', async () => {
    const { 'X-Gantry-Token': token, ...rest } = server.goodHeaders;
    const headers = { ...rest, Cookie: `x-gantry-token=${token}`, Authorization: `Bearer ${token}` };
    const path = `/rpc/host/info?x-gantry-token=${token}`;
    expect((await sendRequest(server.port, { method: 'POST', path, headers, body: '{}' })).status).toBe(401);
  });
});

describe('W04 what a form or a link can send', () => {
  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    '',
  ])('gives 415 with the type "%s", with and without a token', async (type) => {
    expect((await call({ 'Content-Type': type })).status).toBe(415);
    expect((await call({ 'Content-Type': type, 'X-Gantry-Token': '' })).status).toBe(415);
  });

  it.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'])('gives 405 to a call by %s', async (method) => {
    expect((await call({}, method, '')).status).toBe(405);
  });

  it('gives 405 to a POST of a file', async () => {
    expect((await sendRequest(server.port, { method: 'POST', headers: server.goodHeaders })).status).toBe(405);
  });

  it('answers a preflight without a permission', async () => {
    const headers = { Host: server.host, Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' };
    const answer = await sendRequest(server.port, { method: 'OPTIONS', path: '/rpc/host/info', headers });
    expect(answer.status).toBe(403);
    expect(answer.head.toLowerCase()).not.toContain('access-control');
  });

  it.each(['{', '', '\u00ff', '[1'])('gives a client error to the body %j, and lives on', async (body) => {
    const answer = await call({}, 'POST', body === '' ? ' ' : body);
    expect(answer.status).toBe(400);
    expect((await call({})).status).toBe(200);
  });
});

describe('W05 the one-time code', () => {
  const exchange = (code: string) => {
    const { 'X-Gantry-Token': _, ...headers } = server.goodHeaders;
    return sendRequest(server.port, { method: 'POST', path: '/session', headers, body: JSON.stringify({ code }) });
  };

  it('gives a token of 256 bits once, and 401 the second time', async () => {
    const code = server.sessions.newCode();
    const first = await exchange(code);
    expect(first.status).toBe(200);
    expect(Buffer.from(first.body, 'base64url')).toHaveLength(32);
    expect(first.header('cache-control')).toBe('no-store');
    expect((await exchange(code)).status).toBe(401);
    expect((await call({ 'X-Gantry-Token': first.body })).status).toBe(200);
  });

  it('gives 401 when it is wrong, of another shape or not there, and is not spent by that', async () => {
    const code = server.sessions.newCode();
    expect((await exchange('x')).status).toBe(401);
    expect((await exchange('x'.repeat(1000))).status).toBe(401);
    const { goodHeaders: headers } = server;
    expect((await sendRequest(server.port, { method: 'POST', path: '/session', headers, body: '[]' })).status).toBe(
      401,
    );
    expect((await exchange(code)).status).toBe(200);
  });

  it('is neither logged nor sent back, and the page sends no referrer', async () => {
    const code = server.sessions.newCode();
    const answer = await exchange(code);
    const page = await sendRequest(server.port, { headers: { Host: server.host } });
    expect(server.logged.join()).not.toContain(code);
    expect(server.logged.join()).not.toContain(server.token);
    expect(answer.head + answer.body).not.toContain(code);
    expect(page.header('referrer-policy')).toBe('no-referrer');
  });
});

describe('W06 the address', () => {
  it('is loopback only: no other address of this machine answers', async () => {
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    const reached = await Promise.all(others.map(({ address }) => canConnect(address)));
    expect(reached).not.toContain(true);
    expect(await canConnect('127.0.0.2')).toBe(false);
    expect(await canConnect('127.0.0.1')).toBe(true);
  });

  function canConnect(address: string): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(server.port, address);
      socket.setTimeout(1000, () => socket.destroy());
      socket.on('connect', () => {
        resolve(true);
        socket.destroy();
      });
      socket.on('error', () => resolve(false));
      socket.on('close', () => resolve(false));
    });
  }
});

describe('W07 an upgrade', () => {
  const upgrade = {
    Upgrade: 'websocket',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version': '13',
  };

  it.each(['/', '/rpc/changes/watch', '/session'])('of %s never gives 101, with a token or without', async (path) => {
    const lines = Object.entries({ ...server.goodHeaders, ...upgrade }).map(([name, value]) => `${name}: ${value}\r\n`);
    const answer = await sendRaw(server.port, `GET ${path} HTTP/1.1\r\n${lines.join('')}Connection: Upgrade\r\n\r\n`);
    expect(answer.status).toBe(400);
  });

  it('by CONNECT gives no tunnel', async () => {
    const answer = await sendRaw(server.port, `CONNECT evil.example:443 HTTP/1.1\r\nHost: ${server.host}\r\n\r\n`);
    expect(answer.status).not.toBe(200);
  });
});

describe('W09 the headers', () => {
  const audit = async () => {
    const { port, host, goodHeaders } = server;
    return Promise.all([
      sendRequest(port, { headers: { Host: host } }),
      sendRequest(port, { path: '/assets/index-abc123.js', headers: { Host: host } }),
      sendRequest(port, { path: '/none', headers: { Host: host } }),
      sendRequest(port, { headers: { Host: 'evil.example' } }),
      sendRequest(port, { headers: { Host: host, Origin: 'null' } }),
      sendRequest(port, { method: 'POST', path: '/session', headers: goodHeaders, body: '{}' }),
      sendRequest(port, { method: 'POST', path: '/rpc/host/info', headers: goodHeaders, body: '{}' }),
      sendRequest(port, { method: 'POST', path: '/rpc/none', headers: goodHeaders, body: '{}' }),
      sendRequest(port, { method: 'DELETE', path: '/rpc/host/info', headers: goodHeaders }),
    ]);
  };

  it('are those of E3 in every answer, whatever its status', async () => {
    const answers = await audit();
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 421, 403, 401, 200, 404, 405]);
    for (const answer of answers) {
      expect(answer.header('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
      expect(answer.header('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(answer.header('content-security-policy')).toContain("require-trusted-types-for 'script'");
      expect(answer.header('x-content-type-options')).toBe('nosniff');
      expect(answer.header('cross-origin-resource-policy')).toBe('same-origin');
      expect(answer.header('referrer-policy')).toBe('no-referrer');
    }
  });

  it('allow nothing unsafe, no other site, and set no cookie', async () => {
    for (const { head } of await audit()) {
      expect(head).not.toMatch(/unsafe-|access-control-|set-cookie|\*/i);
    }
  });

  it('let hashed files be kept and nothing else', async () => {
    const [page, script, , , , , answer] = await audit();
    expect(page?.header('cache-control')).toBe('no-store');
    expect(script?.header('cache-control')).toContain('immutable');
    expect(answer?.header('cache-control')).toBe('no-store');
  });
});

describe('the files', () => {
  it.each([
    '/../package.json',
    '/..%2f..%2fetc%2fpasswd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/assets/..%5c..%5cindex.html',
    '//etc/passwd',
    '/assets',
    '/assets/index-abc123.js.map',
    '/index.html%00.js',
    '/__proto__',
    '/constructor',
  ])('W09 do not include %s', async (path) => {
    expect((await sendRequest(server.port, { path, headers: { Host: server.host } })).status).toBe(404);
  });

  it('are found with a query, and by HEAD without a body', async () => {
    const headers = { Host: server.host };
    expect((await sendRequest(server.port, { path: '/?x=1', headers })).body).toContain('<title>Gantry');
    const head = await sendRequest(server.port, { method: 'HEAD', headers });
    expect([head.status, head.body]).toEqual([200, '']);
  });
});
