import { describe, expect, it } from 'vitest';
import { blobSource, patternBytes } from '#test/support/blob-source.ts';
import { selfSigned } from '#test/support/certificates.ts';
import { password, registryErrorOf } from '#test/support/engine.ts';
import { engineAt, push, pushing, repository } from '#test/support/pushing.ts';
import { type Interference, startUploadRegistry } from '#test/support/upload-registry.ts';

const SECRET = 'canary-s3cret-value';

describe('a push', () => {
  it('of one body keeps the registry’s own query as it is and adds the digest', async () => {
    const { registry, outcome, source, stored } = await pushing(100_000, () => undefined);
    expect(outcome).toBe('sent');
    expect(registry.steps).toBe('start close');
    expect(registry.arrivals[1]!.path).toBe(
      `/v2/acme/web/blobs/uploads/u1?_state=0%2F+a==&x&digest=${source.descriptor.digest}`,
    );
    expect(registry.arrivals[1]!.headers).toMatchObject({
      'content-length': '100000',
      'content-type': 'application/octet-stream',
    });
    expect(registry.arrivals[1]!.headers).not.toHaveProperty('transfer-encoding');
    expect(stored?.equals(source.bytes)).toBe(true);
  });
});

describe('bytes that are not what their descriptor says', () => {
  it.each([
    ['others', (bytes: Buffer) => Buffer.from(bytes).fill(0, 99_000, 99_001)],
    ['more', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('x')])],
  ])('never complete a request: %s (B01, B02)', async (_name, change) => {
    const right = patternBytes(100_000);
    const wrong = blobSource(change(right));
    await using registry = await startUploadRegistry();
    await using engine = engineAt(registry.host);
    const error = await registryErrorOf(push(engine, { ...wrong, descriptor: blobSource(right).descriptor }));
    expect(['digest-mismatch', 'protocol']).toContain(error.kind);
    const bodies = registry.arrivals.filter(({ step }) => step === 'close').map(({ body }) => body.length);
    expect(Math.max(...bodies)).toBeLessThan(100_000);
    expect(registry.blobs.size).toBe(0);
    await expect.poll(() => registry.sessions.size).toBe(0);
    expect(wrong.openCount()).toBe(0);
  });

  it('are read once more from the beginning, and then sent when they are right (FI05)', async () => {
    const right = patternBytes(200_000);
    const source = blobSource(right, {
      give: (rest, _start, nth) => (nth === 1 ? Buffer.from(rest).fill(7, 5, 6) : rest),
    });
    await using registry = await startUploadRegistry();
    await using engine = engineAt(registry.host);
    expect(await push(engine, source)).toBe('sent');
    expect(source.opened).toEqual([0, 0]);
    expect(registry.blobs.get(source.descriptor.digest)?.equals(right)).toBe(true);
  });
});

const location = (text: string | readonly string[] | undefined): Interference => {
  return ({ step }) =>
    step === 'start' ? { status: 202, headers: text === undefined ? {} : { location: text } } : undefined;
};

describe('an upload whose Location', () => {
  it('leads to another host is not followed there unless the person allows it (U01)', async () => {
    const tls = await selfSigned(['DNS:storage.public.test']);
    await using storage = await startUploadRegistry({ tls, interfere: storedElsewhere });
    const port = storage.host.split(':')[1];
    const where = `https://storage.public.test:${port}/put/here?sig=${SECRET}&v=1`;
    await using registry = await startUploadRegistry({ interfere: location(where) });
    const host = `registry.public.test:${registry.host.split(':')[1]}`;
    const credential = password('alice', SECRET);
    const connection = { tls: { caPem: tls.certificate } };

    await using wary = engineAt(host, { credential, connection });
    const error = await registryErrorOf(push(wary, blobSource(patternBytes(5000))));
    const refused = { kind: 'untrusted-host', host: `storage.public.test:${port}`, forUpload: true };
    expect(error.failure).toMatchObject(refused);
    expect(storage.arrivals).toEqual([]);
    expect(JSON.stringify([wary.log, error.message, error.trace])).not.toContain(SECRET);

    const uploadHosts = [`storage.public.test:${port}`];
    await using trusting = engineAt(host, { credential, connection: { ...connection, uploadHosts } });
    const source = blobSource(patternBytes(5000));
    expect(await push(trusting, source)).toBe('sent');
    expect(storage.arrivals.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `PUT /put/here?sig=${SECRET}&v=1&digest=${source.descriptor.digest}`,
    ]);
    expect(storage.arrivals[0]?.body.equals(source.bytes)).toBe(true);
    expect(storage.received).not.toMatch(/authorization|cookie/i);
    expect(JSON.stringify(trusting.log)).not.toContain(SECRET);
  });

  it('leads to an allowed name further inside than the registry is not connected to (U01, U02)', async () => {
    await using inside = await startUploadRegistry();
    const port = inside.host.split(':')[1];
    const uploadHosts = [`storage.private.test:${port}`];
    const where = location(`https://${uploadHosts[0]}/put`);
    await using registry = await startUploadRegistry({ interfere: where });
    await using engine = engineAt(`registry.public.test:${registry.host.split(':')[1]}`, {
      connection: { uploadHosts },
    });
    const error = await registryErrorOf(push(engine, blobSource(patternBytes(100))));
    expect(error.kind).toBe('untrusted-host');
    expect(inside.arrivals).toEqual([]);
  });

  it.each([
    ['is missing', undefined, 'protocol'],
    ['is empty', '', 'protocol'],
    ['comes twice', ['/v2/acme/web/blobs/uploads/a', '/v2/acme/web/blobs/uploads/b'], 'protocol'],
    ['is plain http at another host', 'http://elsewhere.public.test/put', 'protocol'],
    ['is at another host by //', '//elsewhere.public.test/put', 'protocol'],
    ['is a literal address inside', 'https://169.254.169.254/latest', 'untrusted-host'],
    ['is a file', 'file:///etc/passwd', 'protocol'],
    ['holds a user name', 'http://alice:pw@127.0.0.1/put', 'protocol'],
    ['holds a backslash', '/v2\\evil', 'protocol'],
    ['holds a tab', 'http://127.0.0.1\t.evil.test/', 'protocol'],
  ])('%s is refused (U02)', async (_name, text, kind) => {
    const { registry, outcome, source } = await pushing(1000, location(text));
    expect(outcome).toMatchObject({ kind });
    expect(registry.steps).toBe('start');
    expect(source.opened).toEqual([]);
  });

  it.each([
    ['relative with a query', (_host: string) => '/v2/acme/web/blobs/uploads/u1?a=b%2Fc+d'],
    ['relative to the request', (_host: string) => 'u1?a=b%2Fc+d'],
    ['absolute', (host: string) => `http://${host}/v2/acme/web/blobs/uploads/u1?a=b%2Fc+d`],
    [
      'on the same host at another port',
      (_host: string) => 'http://127.0.0.1:1/v2/acme/web/blobs/uploads/u1?a=b%2Fc+d',
    ],
    ['on the same host by https', (_host: string) => 'https://127.0.0.1/v2/acme/web/blobs/uploads/u1?a=b%2Fc+d'],
  ])('is %s goes on at the registry (U02)', async (_name, where) => {
    const { registry, outcome } = await pushing(1000, (arrival, self) => {
      if (arrival.step !== 'start') return undefined;
      self.sessions.set('u1', { bytes: Buffer.alloc(0), state: 0 });
      return { status: 202, headers: { location: where(self.host) } };
    });
    expect(outcome).toBe('sent');
    expect(registry.arrivals[1]?.path).toMatch(/^\/v2\/acme\/web\/blobs\/uploads\/u1\?a=b%2Fc\+d&digest=sha256:/);
  });

  it('says http behind a proxy that ends TLS goes on by https at our port (U02)', async () => {
    const tls = await selfSigned();
    const { outcome, registry } = await pushing(
      1000,
      (arrival, self) => {
        if (arrival.step !== 'start') return undefined;
        self.sessions.set('u1', { bytes: Buffer.alloc(0), state: 0 });
        return { status: 202, headers: { location: 'http://127.0.0.1:5000/v2/acme/web/blobs/uploads/u1' } };
      },
      { registry: { tls }, engine: { connection: { plainHttp: false, tls: { caPem: tls.certificate } } } },
    );
    expect(outcome).toBe('sent');
    expect(registry.steps).toBe('other start close');
  });
});

const storedElsewhere: Interference = async (arrival) => {
  await arrival.read();
  return { status: 201, headers: { 'docker-content-digest': arrival.query.get('digest') ?? '' } };
};

describe('a redirect of an upload', () => {
  it.each(
    [301, 302, 303, 307, 308].flatMap((status) => (['start', 'close'] as const).map((step) => [status, step] as const)),
  )('by %i of the %s is not followed, and nothing counts as stored (R07)', async (status, step) => {
    const { registry, outcome } = await pushing(1000, (arrival) =>
      arrival.step === step ? { status, headers: { location: '/elsewhere' } } : undefined,
    );
    expect(outcome).toMatchObject({ failure: { kind: 'protocol', reason: 'redirect' } });
    expect(registry.received).not.toContain('/elsewhere');
  });
});

describe('a registry that says it has stored', () => {
  it('another digest is not believed (U05)', async () => {
    const other = `sha256:${'a'.repeat(64)}`;
    const { outcome, registry } = await pushing(1000, async (arrival) => {
      if (arrival.step !== 'close') return undefined;
      await arrival.read();
      return { status: 201, headers: { 'docker-content-digest': other } };
    });
    expect(outcome).toMatchObject({ failure: { kind: 'digest-mismatch', actual: other } });
    expect(registry.steps).not.toContain('put-manifest');
  });

  it('the blob and does not have it is sent it once more (U05)', async () => {
    const { outcome, registry, stored, source } = await pushing(1000, async (arrival, self) => {
      if (arrival.step !== 'close') return undefined;
      const answer = arrival.nth === 1 ? { status: 201 } : await self.behave(arrival);
      await arrival.read();
      return { ...answer, headers: {} };
    });
    expect(outcome).toBe('sent');
    expect(registry.steps).toBe('start close head-blob cancel start close head-blob');
    expect(stored?.equals(source.bytes)).toBe(true);
  });

  it('the blob twice without having it is told (U05)', async () => {
    const { outcome } = await pushing(1000, async (arrival) => {
      if (arrival.step !== 'close') return undefined;
      await arrival.read();
      return { status: 201 };
    });
    expect(outcome).toMatchObject({ failure: { kind: 'protocol', reason: 'upload' } });
  });
});

describe('a mount', () => {
  const from = 'acme/base';
  const mounting = async (interfere: Interference, mountFrom: readonly string[] = [from]) => {
    const source = blobSource(patternBytes(2000));
    const mountable = new Set([`${from}@${source.descriptor.digest}`]);
    await using registry = await startUploadRegistry({ mountable, interfere });
    await using engine = engineAt(registry.host);
    const outcome = await push(engine, { ...source, mountFrom });
    return { outcome, registry, source };
  };

  it('that is granted sends nothing', async () => {
    const { outcome, registry, source } = await mounting(() => undefined);
    expect(outcome).toBe('mounted');
    expect(registry.arrivals.map(({ path }) => path)).toEqual([
      `/v2/acme/web/blobs/uploads/?mount=${source.descriptor.digest}&from=acme%2Fbase`,
    ]);
    expect(source.opened).toEqual([]);
  });

  it('answered with an upload is used as that upload (U06)', async () => {
    const { outcome, registry } = await mounting(() => undefined, ['acme/other']);
    expect(outcome).toBe('sent');
    expect(registry.steps).toBe('mount close');
  });

  it.each([400, 401, 403, 404, 405, 500])('refused with %i becomes a plain upload (U06)', async (status) => {
    const { outcome, registry } = await mounting(({ step }) => (step === 'mount' ? { status } : undefined));
    expect(outcome).toBe('sent');
    // A 401 without a challenge has us ask `/v2/` for one.
    expect(registry.steps.replace(' other ', ' ')).toBe('mount start close');
  });

  it('tries the next source when the first is refused, three at most', async () => {
    const sources = ['x/a', 'x/b', 'x/c', 'x/d'];
    const refuse: Interference = ({ step }) => (step === 'mount' ? { status: 404 } : undefined);
    const { registry } = await mounting(refuse, sources);
    expect(registry.steps).toBe('mount mount mount start close');
    const second: Interference = ({ step, nth }) => (step === 'mount' && nth === 1 ? { status: 403 } : undefined);
    expect((await mounting(second, ['x/a', from])).outcome).toBe('mounted');
  });

  it('is never asked for from the repository itself or from what is no name', async () => {
    const { registry } = await mounting(() => undefined, [repository, 'x/../y?z']).catch(() => ({
      registry: undefined,
    }));
    expect(registry?.received ?? '').not.toContain('mount=');
  });

  it('of another digest than was asked for is not believed (U05, U06)', async () => {
    const { outcome, registry } = await mounting(({ step }) =>
      step === 'mount' ? { status: 201, headers: { 'docker-content-digest': `sha256:${'b'.repeat(64)}` } } : undefined,
    );
    expect(outcome).toBe('sent');
    expect(registry.steps).toBe('mount start close');
  });
});
