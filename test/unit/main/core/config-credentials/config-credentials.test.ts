import { appendFileSync, chmodSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createConfigCredentials } from '#main/core/config-credentials/config-credentials.ts';
import { answering, configHome, type ConfigHome, encodeAuth } from '#test/support/config-home.ts';
import { recordingLogger } from '#test/support/recording-logger.ts';

const CANARY = 'canary-5ecret';
const entry = (username: string) => ({ auth: encodeAuth(username, CANARY) });

function open(home: ConfigHome, env: Record<string, string> = {}) {
  const logger = recordingLogger();
  const secrets: string[] = [];
  const onSecret = (secret: string) => void secrets.push(secret);
  const config = createConfigCredentials({
    homeDir: home.dir,
    env: { ...home.env, ...env },
    logger,
    onSecret,
    timeoutMs: 5000,
  });
  const userOf = async (host: string, repository?: string) => {
    const { credential } = await config.sourceOf(host).find({ repository });
    return credential?.kind === 'password' ? credential.username : credential?.kind;
  };
  return { config, logger, secrets, userOf };
}

/** A helper that writes down each time it is asked, and knows one person. */
function countingHelper(home: ConfigHome, name: string, username: string) {
  const asked = join(home.dir, `asked-${name}`);
  home.addHelper(name, `cat >>'${asked}'; echo >>'${asked}'\n${answering(username, CANARY)}`);
  return () => (existsSync(asked) ? readFileSync(asked, 'utf8').trim().split('\n') : []);
}

describe('the order of places', () => {
  it("asks docker's variable, docker's file, then podman's", async () => {
    const home = configHome();
    const hosts = (username: string, ...names: string[]) => ({
      auths: Object.fromEntries(names.map((name) => [name, entry(username)])),
    });
    home.write('.docker/config.json', hosts('docker', 'a.example', 'b.example'));
    home.write('.config/containers/auth.json', hosts('podman', 'a.example', 'b.example', 'c.example'));
    const { userOf } = open(home, { DOCKER_AUTH_CONFIG: JSON.stringify(hosts('inline', 'a.example')) });
    expect(await Promise.all(['a.example', 'b.example', 'c.example', 'd.example'].map((host) => userOf(host)))).toEqual(
      ['inline', 'docker', 'podman', undefined],
    );
  });

  it('takes the longest namespace for a repository, and the host for the rest', async () => {
    const home = configHome();
    const auths = { 'quay.io': entry('all'), 'quay.io/team': entry('team'), 'quay.io/team/app': entry('app') };
    home.write('.config/containers/auth.json', { auths });
    const { userOf } = open(home);
    expect(await userOf('quay.io', 'team/app')).toBe('app');
    expect(await userOf('quay.io', 'team/other')).toBe('team');
    expect(await userOf('quay.io', 'teammate/app')).toBe('all');
    expect(await userOf('quay.io')).toBe('all');
  });

  it.each(['https://index.docker.io/v1/', 'docker.io', 'index.docker.io', 'registry-1.docker.io'])(
    'finds Docker Hub under %s',
    async (key) => {
      const home = configHome();
      home.write('.docker/config.json', { auths: { [key]: entry('hub') } });
      expect(await open(home).userOf('docker.io')).toBe('hub');
    },
  );
});

describe('helpers', () => {
  it('asks the one of the host, not the one of all hosts, and docker’s key for Hub', async () => {
    const home = configHome();
    const [own, all] = [countingHelper(home, 'own', 'from-own'), countingHelper(home, 'all', 'from-all')];
    home.write('.docker/config.json', { credHelpers: { 'a.example': 'own' }, credsStore: 'all' });
    const { userOf } = open(home);
    expect(await userOf('a.example')).toBe('from-own');
    expect(await userOf('docker.io')).toBe('from-all');
    expect([own(), all()]).toEqual([['a.example'], ['https://index.docker.io/v1/']]);
  });

  it('takes a host with an empty helper from the file itself', async () => {
    const home = configHome();
    const all = countingHelper(home, 'all', 'from-all');
    home.write('.docker/config.json', {
      auths: { 'a.example': entry('from-file') },
      credHelpers: { 'a.example': '' },
      credsStore: 'all',
    });
    expect(await open(home).userOf('a.example')).toBe('from-file');
    expect(all()).toEqual([]);
  });

  it('goes on to the file and to the next place when the helper holds nothing', async () => {
    const home = configHome();
    home.addHelper('none', 'echo credentials not found in native keychain; exit 1');
    home.write('.docker/config.json', { auths: { 'a.example': entry('from-file') }, credsStore: 'none' });
    home.write('.config/containers/auth.json', { auths: { 'b.example': entry('podman') } });
    const { userOf } = open(home);
    expect([await userOf('a.example'), await userOf('b.example')]).toEqual(['from-file', 'podman']);
  });

  it.each([
    ['is missing', undefined],
    ['fails', 'echo no; exit 1'],
    ['prints HTML', 'echo "<html>"'],
  ])('A16 tries no other store when the responsible helper %s', async (_name, script) => {
    const home = configHome();
    if (script !== undefined) home.addHelper('broken', script);
    const other = countingHelper(home, 'other', 'other');
    home.write('.docker/config.json', {
      auths: { 'a.example': entry('from-file') },
      credHelpers: { 'a.example': 'broken' },
      credsStore: 'other',
    });
    home.write('.config/containers/auth.json', { auths: { 'a.example': entry('podman') } });
    const { config, secrets } = open(home);
    await expect(config.sourceOf('a.example').find({})).rejects.toMatchObject({
      kind: 'credential-helper',
      helper: 'broken',
      source: home.dockerFile,
    });
    expect([other(), secrets]).toEqual([[], []]);
  });

  it.each(['../x', 'a;b'])('A17 is an error for a config that names the helper %j', async (helper) => {
    const home = configHome();
    home.write('.docker/config.json', { credsStore: helper });
    await expect(open(home).config.sourceOf('a.example').find({})).rejects.toMatchObject({ reason: 'bad-name' });
  });

  it('keeps an answer until it is refused or a file changes, and asks once for many at a time', async () => {
    const home = configHome();
    const asked = countingHelper(home, 'all', 'alice');
    home.write('.docker/config.json', { credsStore: 'all' });
    const source = open(home).config.sourceOf('a.example');
    await Promise.all([source.find({}), source.find({}), source.find({})]);
    await source.find({ repository: 'team/app' });
    expect(asked()).toHaveLength(1);
    await source.find({ stale: true });
    expect(asked()).toHaveLength(2);
    appendFileSync(home.dockerFile, '\n');
    await source.find({});
    expect(asked()).toHaveLength(3);
  });
});

describe('changes', () => {
  it('sees a login, another one and a logout without a restart', async () => {
    const home = configHome();
    const { userOf } = open(home);
    expect(await userOf('a.example')).toBeUndefined();
    home.write('.docker/config.json', { auths: { 'a.example': entry('alice') } });
    expect(await userOf('a.example')).toBe('alice');
    home.write('.docker/config.json', { auths: { 'a.example': entry('bob-the-second') } });
    expect(await userOf('a.example')).toBe('bob-the-second');
    rmSync(home.dockerFile);
    expect(await userOf('a.example')).toBeUndefined();
  });

  it('keeps a renewed identity token while it runs, and writes nothing', async () => {
    const home = configHome();
    home.write('.docker/config.json', { auths: { 'a.example': { identitytoken: 'first' } } });
    const before = readFileSync(home.dockerFile, 'utf8');
    const { config, secrets } = open(home);
    const source = config.sourceOf('a.example');
    const { credential } = await source.find({});
    if (credential?.kind === 'identity') credential.onRenewed?.('second');
    expect((await source.find({})).credential).toMatchObject({ kind: 'identity', secret: 'second' });
    expect((await source.find({ stale: true })).credential).toMatchObject({ secret: 'first' });
    expect(readFileSync(home.dockerFile, 'utf8')).toBe(before);
    expect(new Set(secrets)).toEqual(new Set(['first', 'second']));
  });
});

describe('lookUp', () => {
  it('tells every place in order, the key that matched and why, and no secret', async () => {
    const home = configHome();
    home.addHelper('none', 'echo credentials not found in native keychain; exit 1');
    home.write('.docker/config.json', { auths: { 'a.example': { auth: '!' } }, credsStore: 'none' });
    home.write('run/containers/auth.json', { auths: { 'a.example/team': entry('alice') } });
    const { config, logger, secrets } = open(home, {
      XDG_RUNTIME_DIR: join(home.dir, 'run'),
      DOCKER_AUTH_CONFIG: 'not JSON',
    });
    const session = join(home.dir, 'run/containers/auth.json');
    const found = await config.lookUp({ host: 'a.example', repository: 'team/app' });
    expect(found.why).toBe(`from ${session}, key a.example/team`);
    expect(found.considered).toMatchObject([
      { source: 'environment', place: 'DOCKER_AUTH_CONFIG', outcome: 'unreadable' },
      { source: 'helper', place: 'docker-credential-none', outcome: 'no-match' },
      { source: 'docker-config', place: home.dockerFile, key: 'a.example', outcome: 'failed' },
      { source: 'podman-config', place: session, key: 'a.example/team', outcome: 'used' },
      { source: 'podman-config', place: home.podmanFile, outcome: 'not-reached' },
    ]);
    expect(secrets).toEqual([CANARY]);
    const { credential: _credential, ...told } = found;
    expect(JSON.stringify(told) + logger.text()).not.toContain(CANARY);
  });

  it('V19 warns of a file that others may read, when there is a secret in it', async () => {
    const home = configHome();
    home.write('.docker/config.json', { auths: { 'a.example': entry('alice') } });
    home.write('.config/containers/auth.json', { auths: { 'a.example': {} } });
    const detailOf = async () =>
      (await open(home).config.lookUp({ host: 'b.example' })).considered.map(({ detail }) => detail);
    expect(await detailOf()).toEqual([undefined, undefined]);
    for (const path of [home.dockerFile, home.podmanFile]) chmodSync(path, 0o644);
    expect(await detailOf()).toEqual(['others on this machine may read or change it (mode 644)', undefined]);
  });

  it('says when there is nothing', async () => {
    const { config } = open(configHome());
    expect(await config.lookUp({ host: 'a.example' })).toMatchObject({
      credential: undefined,
      why: "docker's and podman's config hold no credential for a.example",
      considered: [{ outcome: 'absent' }, { outcome: 'absent' }],
    });
  });
});
