import { describe, expect, it } from 'vitest';
import { challenge, engineAt, listTags, TAGS, tokenFor } from '#test/support/bearer-registry.ts';
import { registryErrorOf } from '#test/support/engine.ts';
import { type FakeRegistry, json, startFakeRegistry } from '#test/support/fake-registry.ts';

const LACKING = ',error="insufficient_scope",scope=';

/** A registry whose token says what it was asked for, and that wants `needs` among it. */
const scopedRegistry = (needs: string, refusal: { readonly status: number; readonly named: string }) =>
  startFakeRegistry((request) => {
    if (request.path.startsWith('/token')) {
      const scopes = new URL(request.path, 'http://x').searchParams.getAll('scope');
      return json({ token: Buffer.from(scopes.join(' ')).toString('base64url') });
    }
    const authorization = tokenFor(request);
    if (authorization === undefined) return challenge('/token');
    const held = Buffer.from(authorization.replace('Bearer ', ''), 'base64url').toString();
    if (held.split(' ').some((scope) => scope.includes(needs))) return json({ name: null, tags: ['v1'] });
    return { ...challenge('/token', `${LACKING}"${refusal.named}"`), status: refusal.status };
  });

const scopesAsked = (registry: FakeRegistry) =>
  registry.requests
    .filter(({ path }) => path.startsWith('/token'))
    .map(({ path }) => new URL(path, 'http://x').searchParams.getAll('scope'));

describe('a token that lacks a scope', () => {
  it.each([401, 403])('is widened once by what the registry names (%i), for the session', async (status) => {
    await using registry = await scopedRegistry('metadata_read', {
      status,
      named: 'repository:acme/web:metadata_read',
    });
    await using engine = engineAt(registry.host);
    await expect(listTags(engine)).resolves.toMatchObject({ names: ['v1'] });
    await listTags(engine);
    expect(scopesAsked(registry)).toEqual([['repository:acme/web:pull'], ['repository:acme/web:metadata_read,pull']]);
    expect(registry.lines.filter((line) => line.startsWith(`GET ${TAGS}`))).toHaveLength(4);
  });

  it.each([
    ['push on a read', 'repository:acme/web:push,pull'],
    ['everything on a read', 'repository:acme/web:*'],
    ['another repository', 'repository:other/secret:pull'],
    ['the catalog', 'registry:catalog:*'],
    ['what was asked for', 'repository:acme/web:pull'],
    ['a word', 'aws'],
    ['nothing', ''],
  ])('is not widened when the registry names %s (A11)', async (_name, named) => {
    await using registry = await scopedRegistry('never', { status: 403, named });
    await using engine = engineAt(registry.host);
    const error = await registryErrorOf(listTags(engine));
    expect(error.kind).toBe('forbidden');
    expect(scopesAsked(registry)).toEqual([['repository:acme/web:pull']]);
    expect(registry.lines.filter((line) => line.startsWith(`GET ${TAGS}`))).toHaveLength(2);
  });

  it('is widened no further when the registry always wants more (A12)', async () => {
    const names = ['metadata_read', 'pull', 'metadata_read,pull'];
    let refusals = 0;
    await using registry = await startFakeRegistry((request) => {
      if (request.path.startsWith('/token')) return json({ token: `t${refusals}` });
      if (tokenFor(request) === undefined) return challenge('/token');
      refusals += 1;
      return challenge('/token', `${LACKING}"repository:acme/web:${names[refusals % 3]}"`);
    });
    await using engine = engineAt(registry.host);
    const error = await registryErrorOf(listTags(engine));
    expect(error.kind).toBe('forbidden');
    expect(registry.lines.filter((line) => line.startsWith(`GET ${TAGS}`)).length).toBeLessThanOrEqual(3);
  });

  it('learns nothing from the target of a redirect (R08)', async () => {
    await using cdn = await startFakeRegistry(() => ({
      ...challenge('/token', `${LACKING}"repository:acme/web:metadata_read"`),
      status: 403,
    }));
    await using registry = await startFakeRegistry((request) => {
      if (request.path.startsWith('/token')) return json({ token: 'good' });
      if (tokenFor(request) === undefined) return challenge('/token');
      return { status: 307, headers: { location: `http://cdn.public.test:${cdn.port}/tags` } };
    });
    await using engine = engineAt(`registry.public.test:${registry.port}`);
    await registryErrorOf(listTags(engine));
    await registryErrorOf(listTags(engine));
    expect(scopesAsked(registry)).toEqual([['repository:acme/web:pull']]);
  });
});
