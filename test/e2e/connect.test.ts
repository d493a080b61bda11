import { hasChromium, isGone, isShown, seriousFindings, startApp, type App } from '#test/support/app.ts';
import { selfSigned } from '#test/support/certificates.ts';
import { startDockerRegistry, type DockerRegistry } from '#test/support/docker-registry.ts';
import { startForwardProxy } from '#test/support/forward-proxy.ts';
import { hasTools } from '#test/support/tools.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const USER = { username: 'alice', password: 'correct horse' } as const;

async function openDialog({ page }: App, host: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Registries' }).getByRole('button', { name: 'Add registry' }).click();
  await page.getByRole('dialog', { name: 'Add a registry' }).waitFor();
  await page.getByRole('textbox', { name: 'Host' }).fill(host);
}

async function signIn({ page }: App, password: string): Promise<void> {
  await page.getByRole('radio', { name: 'User name and password or token' }).check();
  await page.getByRole('textbox', { name: 'User name' }).fill(USER.username);
  await page.getByLabel('Password or access token').fill(password);
}

async function openOptions({ page }: App): Promise<void> {
  await page.getByRole('button', { name: 'Connection options' }).click();
}

async function test({ page }: App): Promise<void> {
  await page.getByRole('button', { name: 'Test connection' }).click();
  await page.locator('[aria-label="Connection test"][aria-busy="false"]').waitFor();
}

async function closeDialog({ page }: App): Promise<void> {
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

describe.skipIf(!hasChromium() || !hasTools('docker-registry', 'htpasswd', 'openssl'))('connecting', () => {
  let app: App;
  let registry: DockerRegistry;
  let secure: DockerRegistry;
  beforeAll(async () => {
    registry = await startDockerRegistry({ auth: { kind: 'htpasswd', ...USER } });
    secure = await startDockerRegistry({ tls: await selfSigned() });
    app = await startApp();
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
    await registry[Symbol.asyncDispose]();
    await secure[Symbol.asyncDispose]();
  });

  it('says which field is missing, in place', async () => {
    await openDialog(app, 'not a host');
    await app.page.getByRole('button', { name: 'Add registry', exact: true }).click();
    expect(await isShown(app.page.getByText('Not a registry host'))).toBe(true);
    expect(await app.page.getByRole('textbox', { name: 'Host' }).inputValue()).toBe('not a host');
    await closeDialog(app);
  });

  it('V20 asks about a host that is one slip away from a well-known one', async () => {
    await openDialog(app, 'ghrc.io');
    await app.page.getByRole('button', { name: 'Use ghcr.io' }).click();
    await expect.poll(() => app.page.getByRole('textbox', { name: 'Host' }).inputValue()).toBe('ghcr.io');
    expect(await isGone(app.page.getByText('Did you mean'))).toBe(true);
    await closeDialog(app);
  });

  it('shows a host that refuses the connection, with a way on', async () => {
    await openDialog(app, '127.0.0.1:1');
    await test(app);
    expect(await isShown(app.page.getByText('127.0.0.1:1 refused the connection'))).toBe(true);
    expect(await isShown(app.page.getByRole('button', { name: 'Try again' }))).toBe(true);
    await closeDialog(app);
  });

  it('offers plain HTTP where HTTPS is not spoken', async () => {
    await using proxy = await startForwardProxy();
    await openDialog(app, registry.host);
    await openOptions(app);
    await app.page.getByRole('radio', { name: 'Address' }).check();
    await app.page.getByRole('textbox', { name: 'Address of the proxy' }).fill(proxy.url);
    await test(app);
    await app.page.getByRole('button', { name: 'Use plain HTTP…' }).click();
    const plain = app.page.getByRole('checkbox', { name: 'Plain HTTP' });
    await expect.poll(() => plain.isChecked()).toBe(true);
    expect(await isShown(app.page.locator('[name=plainHttp]:focus'))).toBe(true);
    await closeDialog(app);
  });

  it('finds plain http on this machine by itself, and then asks for a sign-in', async () => {
    await openDialog(app, registry.host);
    await test(app);
    expect(await isShown(app.page.getByText('The registry asks you to sign in'))).toBe(true);
    await app.page.getByRole('button', { name: 'Sign in…' }).click();
    expect(await isShown(app.page.getByLabel('Password or access token'))).toBe(true);
  });

  it('shows a wrong password as that', async () => {
    await signIn(app, 'wrong');
    await test(app);
    expect(await isShown(app.page.getByText('The registry did not accept your sign-in').first())).toBe(true);
    expect(await seriousFindings(app.page)).toEqual([]);
  });

  it('passes every rung with the right password and adds the registry', async () => {
    await signIn(app, USER.password);
    await test(app);
    expect(await isShown(app.page.getByRole('heading', { name: 'Connected' }))).toBe(true);
    expect(await app.page.locator('[aria-label="Connection test"] [data-state="failed"]').count()).toBe(0);
    await app.page.getByRole('button', { name: 'Add registry', exact: true }).click();
    expect(await isShown(app.page.getByRole('heading', { name: registry.host, level: 1 }))).toBe(true);
    expect(await isShown(app.page.getByText('Signed in as alice'))).toBe(true);
    expect(await isShown(app.page.getByText('No repositories').first())).toBe(true);
    expect(await isShown(app.page.getByRole('treeitem', { name: registry.host }))).toBe(true);
  });

  it('refuses the same registry a second time and says so in the dialog', async () => {
    await openDialog(app, registry.host);
    await signIn(app, USER.password);
    await app.page.getByRole('button', { name: 'Add registry', exact: true }).click();
    expect(await isShown(app.page.getByText('That is there already'))).toBe(true);
    await closeDialog(app);
  });

  it('never shows the secret when a registry is edited', async () => {
    await app.page.getByRole('button', { name: 'Edit connection…' }).click();
    const secret = app.page.getByLabel('Password or access token');
    expect(await secret.inputValue()).toBe('');
    await expect.poll(() => secret.getAttribute('placeholder')).toBe('Unchanged');
    expect(await app.page.content()).not.toContain(USER.password);
    await closeDialog(app);
  });

  it('shows a certificate that nobody signed, and goes on without verification only when told to', async () => {
    await openDialog(app, secure.host);
    await test(app);
    expect(await isShown(app.page.getByText(`The certificate of ${secure.host} is not trusted`))).toBe(true);
    await app.page.getByRole('button', { name: 'Skip verification…' }).click();
    expect(await isShown(app.page.getByText('Anyone between you and this host'))).toBe(true);
    await test(app);
    expect(await isShown(app.page.getByRole('heading', { name: 'Connected' }))).toBe(true);
    expect(await app.page.locator('[aria-label="Connection test"] [data-state="failed"]').count()).toBe(0);
    await closeDialog(app);
  });

  it('opens the dialog for a pasted reference of an unknown registry, and nothing is lost', async () => {
    await app.page.keyboard.press('Control+l');
    await app.page.keyboard.type('quay.example/team/app:1.0');
    await app.page.keyboard.press('Enter');
    expect(await isShown(app.page.getByText('quay.example is not among your registries'))).toBe(true);
    await app.page.keyboard.press('Enter');
    expect(await isShown(app.page.getByRole('dialog', { name: 'Add a registry' }))).toBe(true);
    await expect.poll(() => app.page.getByRole('textbox', { name: 'Host' }).inputValue()).toBe('quay.example');
    await closeDialog(app);
  });

  it('removes a registry after asking', async () => {
    await app.page.getByRole('treeitem', { name: registry.host }).click({ button: 'right' });
    await app.page.getByRole('menuitem', { name: 'Remove registry…' }).click();
    await app.page.getByRole('button', { name: 'Remove registry' }).click();
    expect(await isGone(app.page.getByRole('treeitem', { name: registry.host }))).toBe(true);
    expect(await isShown(app.page.getByRole('heading', { name: 'Welcome to Gantry' }))).toBe(true);
  });

  it('throws nothing on the way', () => {
    expect(app.problems).toEqual([]);
  });
});
