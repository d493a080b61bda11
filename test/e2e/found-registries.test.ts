import { hasChromium, isGone, isShown, startApp } from '#test/support/app.ts';
import { startDockerRegistry } from '#test/support/docker-registry.ts';
import { buildImage } from '#test/support/oci-builder.ts';
import { pushImage } from '#test/support/push-image.ts';
import { hasTools } from '#test/support/tools.ts';
import { describe, expect, it } from 'vitest';

const ADA = { username: 'ada', password: 'canary-s3cret' };

describe.skipIf(!hasChromium() || !hasTools('docker-registry', 'htpasswd'))('a registry docker is signed in to', () => {
  it('is offered on the first page, and read with that sign-in after one click', async () => {
    await using registry = await startDockerRegistry({ auth: { kind: 'htpasswd', ...ADA } });
    await pushImage(registry.host, 'shop/web', buildImage(), ['1.0'], ADA);
    const auth = Buffer.from(`${ADA.username}:${ADA.password}`).toString('base64');
    await using app = await startApp({}, 'host', { auths: { [registry.host]: { auth } } });
    const found = app.page.getByRole('region', { name: 'Found on this computer' });
    expect(await isShown(found.getByText('docker is signed in as ada'))).toBe(true);
    await found.getByRole('button', { name: `Add ${registry.host}` }).click();
    const main = app.page.getByRole('main');
    expect(await isShown(main.getByRole('heading', { level: 1, name: registry.host }))).toBe(true);
    expect(await isShown(main.getByRole('link', { name: 'shop/web' }))).toBe(true);
    await app.page.goto(`${app.origin}#/`);
    expect(await isShown(app.page.getByRole('button', { name: 'Add Docker Hub' }))).toBe(true);
    expect(await isGone(found)).toBe(true);
    expect(await app.page.content()).not.toContain(ADA.password);
    expect(app.problems).toEqual([]);
  });
});
