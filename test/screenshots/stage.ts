import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { helloMultiarch } from '#main/core/local-registry/samples/hello-multiarch.ts';
import type { Sample } from '#main/core/local-registry/samples/sample.ts';
import { teamWebApi } from '#main/core/local-registry/samples/services.ts';
import { type BuiltHost, startBuiltHost } from '../support/built-host.ts';
import { bigImage } from '../support/big-image.ts';
import { certificateAuthority, selfSigned } from '../support/certificates.ts';
import { startDockerRegistry } from '../support/docker-registry.ts';
import { json, type Handler, startFakeRegistry } from '../support/fake-registry.ts';
import { freePort } from '../support/free-port.ts';
import { pushContent } from '../support/push-content.ts';
import { startTokenIssuer } from '../support/token-issuer.ts';

export const USER = { username: 'ada', password: 'correct horse' } as const;

export type Stage = {
  readonly app: BuiltHost;
  /** docker-registry behind a password, with a few repositories. */
  readonly team: string;
  /** Serves https with a certificate of its own making. */
  readonly selfSigned: string;
  /** Serves https with a certificate of an authority that no system knows. */
  readonly ownAuthority: { readonly host: string; readonly pem: string };
  /** Sends whoever signs in to a token server of another name. */
  readonly tokened: { readonly host: string; readonly tokenHost: string };
  /** Keeps its catalog closed, and has one repository that is odd in each way an answer can be. */
  readonly closed: string;
  /** Nothing was ever pushed to it. */
  readonly empty: string;
  /** Holds one image, until it goes away. */
  readonly passing: string;
  readonly passAway: () => Promise<void>;
  /** Where things are copied to: it has an older tag of `shop/web`, so that one conflicts. */
  readonly mirror: string;
  /** Nobody listens. */
  readonly nobody: string;
  [Symbol.asyncDispose](): Promise<void>;
};

/** The same port each time, if it is free, so that pictures change only when the screens do. */
function portNear(wanted: number): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(freePort()));
    server.listen(wanted, '127.0.0.1', () => server.close(() => resolve(wanted)));
  });
}

function basicAuth(): { readonly Authorization: string } {
  return { Authorization: `Basic ${Buffer.from(`${USER.username}:${USER.password}`).toString('base64')}` };
}

async function push(address: string, repository: string, sample: Sample): Promise<void> {
  for (const { content, tags } of sample.build()) await pushContent(address, repository, content, tags, basicAuth());
}

const QUOTA = { 'ratelimit-limit': '100;w=21600', 'ratelimit-remaining': '76;w=21600' };

/** What a registry with a closed catalog answers; `slow` never does. */
const closedAnswers: Handler = ({ path }) => {
  if (path.startsWith('/v2/_catalog'))
    return json({ errors: [{ code: 'UNAUTHORIZED', message: 'authentication required' }] }, {}, 401);
  if (path === '/v2/') return json({});
  if (path.startsWith('/v2/team/slow/')) return { raw: () => undefined };
  if (path.startsWith('/v2/team/portal/'))
    return { headers: { 'content-type': 'text/html' }, body: '<!doctype html><title>Sign in</title>' };
  if (path.startsWith('/v2/team/empty/tags')) return json({ name: 'team/empty', tags: [] });
  if (path.startsWith('/v2/team/damaged/tags'))
    return json({ name: 'team/damaged', tags: ['1.0', '1.1', 'latest'] }, QUOTA);
  return json({ errors: [{ code: 'NAME_UNKNOWN', message: 'repository name not known to registry' }] }, {}, 404);
};

/** A registry behind a password, with the token server that checks it. */
async function startTokened(stack: AsyncDisposableStack): Promise<Stage['tokened']> {
  const certificate = await selfSigned();
  const names = { service: 'registry', issuer: 'issuer' };
  const users = { [USER.username]: USER.password };
  const issuer = stack.use(
    await startTokenIssuer({ ...names, certificate, users, allow: () => ['pull', '*'], port: await portNear(5010) }),
  );
  const tokenHost = `localhost:${issuer.port}`;
  const realm = `http://${tokenHost}/token`;
  const registry = stack.use(
    await startDockerRegistry({
      auth: { kind: 'token', realm, ...names, certificate: certificate.certificate },
      port: await portNear(5008),
    }),
  );
  return { host: registry.host, tokenHost };
}

/** What docker has when somebody has signed in. */
async function writeDockerConfig(folder: string): Promise<void> {
  const auth = Buffer.from(`${USER.username}:not a password`).toString('base64');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'config.json'), JSON.stringify({ auths: { 'ghcr.io': { auth }, 'quay.io': {} } }));
}

/** Everything the pictures show: the app with its samples, and registries in a few states. */
export async function setStage(): Promise<Stage> {
  // Its path is in a picture, so it is the same each time.
  const dataDir = join(tmpdir(), 'gantry-screenshots');
  await rm(dataDir, { recursive: true, force: true });
  await mkdir(join(dataDir, 'local-registry'), { recursive: true, mode: 0o700 });
  await writeFile(join(dataDir, 'local-registry/port'), `${await portNear(25_000)}\n`);
  await writeDockerConfig(join(dataDir, 'home/.docker'));
  const stack = new AsyncDisposableStack();
  stack.defer(() => rm(dataDir, { recursive: true, force: true }));
  const use = async <T extends AsyncDisposable>(started: Promise<T>) => stack.use(await started);
  const auth = { kind: 'htpasswd', ...USER } as const;
  const team = await use(startDockerRegistry({ auth, port: await portNear(5000) }));
  const tls = await use(startDockerRegistry({ tls: await selfSigned(), port: await portNear(5443) }));
  const authority = await certificateAuthority('Example Company CA');
  const owned = await use(startDockerRegistry({ tls: await authority.issue(), port: await portNear(5444) }));
  const tokened = await startTokened(stack);
  const empty = await use(startDockerRegistry({ port: await portNear(5002) }));
  const passing = await use(startDockerRegistry({ port: await portNear(5004) }));
  const mirror = await use(startDockerRegistry({ port: await portNear(5006) }));
  const closed = await use(startFakeRegistry(closedAnswers, { port: await portNear(5001) }));
  const app = await use(startBuiltHost({ dataDir }));
  for (const repository of ['shop/api', 'shop/checkout/worker', 'platform/gateway'])
    await push(team.host, repository, teamWebApi);
  await push(team.host, 'shop/web', helloMultiarch);
  await push(passing.host, 'shop/web', helloMultiarch);
  await pushContent(mirror.host, 'samples/hello-multiarch', bigImage(1024), ['1.0', '1.1']);
  await pushContent(mirror.host, 'shop/models', bigImage(24 * 1024 * 1024), ['2026.11']);
  return {
    app,
    team: team.host,
    selfSigned: tls.host,
    ownAuthority: { host: owned.host, pem: authority.certificate },
    tokened,
    closed: closed.host,
    empty: empty.host,
    passing: passing.host,
    mirror: mirror.host,
    passAway: () => passing[Symbol.asyncDispose](),
    nobody: `127.0.0.1:${await portNear(5999)}`,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
