import { copiedText, hasChromium, isGone, isShown, startApp, type App } from '#test/support/app.ts';
import { expectNoBarriers } from '#test/support/axe.ts';
import { certificateAuthority, selfSigned, type Authority } from '#test/support/certificates.ts';
import { startDockerRegistry, type DockerRegistry } from '#test/support/docker-registry.ts';
import { gantryPage, type GantryPage } from '#test/support/gantry-page.ts';
import { hasNginx } from '#test/support/nginx.ts';
import { startFront } from '#test/support/nginx-registry.ts';
import { startTokenIssuer, type TokenIssuer } from '#test/support/token-issuer.ts';
import { hasTools } from '#test/support/tools.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PASSWORD = 'canary-s3cret';
const file = (name: string, text: string) => ({ name, mimeType: 'application/x-pem-file', buffer: Buffer.from(text) });

describe.skipIf(!hasChromium() || !hasTools('docker-registry', 'openssl'))('ways to connect', () => {
  let app: App;
  let at: GantryPage;
  let authority: Authority;
  let secure: DockerRegistry;
  let issuer: TokenIssuer;
  let tokened: DockerRegistry;
  const button = (name: string | RegExp) => at.dialog.getByRole('button', { name });
  const rung = (name: RegExp) => at.dialog.getByRole('listitem').getByRole('button', { name });
  const test = async () => {
    await button('Test connection').click();
    await at.dialog.locator('section[aria-busy=false]').waitFor();
  };
  const cancel = async () => {
    await button('Cancel').last().click();
    await at.dialog.waitFor({ state: 'detached' });
  };

  beforeAll(async () => {
    authority = await certificateAuthority('Example Company CA');
    secure = await startDockerRegistry({ tls: await authority.issue() });
    const signer = await selfSigned();
    const service = { service: 'reg', issuer: 'issuer' };
    const users = { ada: PASSWORD };
    issuer = await startTokenIssuer({ ...service, certificate: signer, users, allow: () => ['pull', '*'] });
    // Another name than the registry's, though the same machine.
    const realm = `http://localhost:${issuer.port}/token`;
    tokened = await startDockerRegistry({
      auth: { kind: 'token', realm, ...service, certificate: signer.certificate },
    });
    app = await startApp();
    at = gantryPage(app.page);
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
    for (const server of [secure, issuer, tokened]) await server[Symbol.asyncDispose]();
  });

  it('trusts an authority chosen as a file, for this registry', async () => {
    await at.openDialog();
    await at.dialog.getByLabel('Host').fill(secure.host);
    await test();
    await button('Add its authority…').click();
    expect(await isShown(at.dialog.locator('[name=caPem]:focus'))).toBe(true);
    await at.dialog
      .getByLabel('File for Certificate authority', { exact: true })
      .setInputFiles(file('ca.pem', authority.certificate));
    expect(await isShown(at.dialog.getByText('Example Company CA, expires in 29 days'))).toBe(true);
    await test();
    expect(await isShown(at.dialog.getByRole('heading', { name: 'Connected' }))).toBe(true);
  });

  it('shows the certificates and what went over the wire by the keyboard alone', async () => {
    await rung(/Connection/).focus();
    await app.page.keyboard.press('Enter');
    expect(await isShown(at.dialog.getByRole('list', { name: 'Certificates' }).getByText('CN=gantry test'))).toBe(true);
    await rung(/Registry protocol/).focus();
    await app.page.keyboard.press('Enter');
    const exchange = at.dialog.getByRole('article', { name: /GET .*\/v2\/, HTTP 200/ }).last();
    expect(await isShown(exchange.getByRole('table', { name: 'Response headers' }))).toBe(true);
    await expectNoBarriers(app.page, 'an open ladder');
  });

  it('copies the whole ladder as a report', async () => {
    await button('Copy report').click();
    await expect.poll(() => copiedText(app.page)).toContain(`connection test of ${secure.host}`);
    const report = await copiedText(app.page);
    expect(report).toContain('Registry protocol: passed');
    expect(report).toContain(`GET https://${secure.host}/v2/`);
  });

  it('keeps its buttons in sight in a small window', async () => {
    await app.page.setViewportSize({ width: 900, height: 600 });
    const lowerEdge = async () => {
      const box = await button('Add registry').boundingBox();
      return (box?.y ?? 1000) + (box?.height ?? 0);
    };
    await expect.poll(lowerEdge).toBeLessThanOrEqual(600);
    await app.page.setViewportSize({ width: 1280, height: 800 });
    await cancel();
  });

  it.skipIf(!hasNginx())('shows a client certificate whose key came in the same file', async () => {
    await using plain = await startDockerRegistry();
    const front = { tls: await authority.issue(), clientAuthority: authority.certificate };
    await using mutual = await startFront(plain.host, front);
    const ada = await authority.issue(['DNS:ada'], { client: true, commonName: 'ada' });
    await at.openDialog();
    await at.dialog.getByLabel('Host').fill(mutual.host);
    await button('Connection options').click();
    await at.dialog
      .getByLabel('File for Certificate authority', { exact: true })
      .setInputFiles(file('ca.pem', authority.certificate));
    await at.dialog
      .getByLabel('File for Client certificate', { exact: true })
      .setInputFiles(file('ada.pem', `${ada.certificate}${ada.key}`));
    const key = at.dialog.getByRole('textbox', { name: 'Private key' });
    await expect.poll(() => key.inputValue()).toContain('PRIVATE KEY');
    await test();
    expect(await isShown(at.dialog.getByRole('heading', { name: 'Connected' }))).toBe(true);
    await expect.poll(() => mutual.requests().at(-1)?.client).toContain('ada');
    await cancel();
  });

  it('A01 asks, naming both hosts, before a password goes to a token server of another name', async () => {
    await at.openDialog();
    await at.typeIn({ host: tokened.host, label: 'Tokened', username: 'ada', password: PASSWORD });
    await test();
    const asks = at.dialog.getByRole('alert');
    expect(await isShown(asks.getByRole('button', { name: `Trust localhost:${issuer.port}` }))).toBe(true);
    expect(await asks.innerText()).toContain(tokened.host);
    expect(issuer.received).not.toContain(Buffer.from(`ada:${PASSWORD}`).toString('base64'));
    await expectNoBarriers(app.page, 'asking to trust');
    await asks.getByRole('button', { name: `Trust localhost:${issuer.port}` }).click();
    expect(await isShown(at.dialog.getByRole('heading', { name: 'Connected' }))).toBe(true);
    expect(issuer.received).toContain(Buffer.from(`ada:${PASSWORD}`).toString('base64'));
  });

  it('keeps the password out of the report', async () => {
    await button('Copy report').click();
    await expect.poll(() => copiedText(app.page)).toContain('Token: passed');
    const report = await copiedText(app.page);
    expect(report).not.toContain(PASSWORD);
    expect(report).not.toContain(Buffer.from(`ada:${PASSWORD}`).toString('base64'));
    await at.dialog.getByRole('button', { name: 'Add registry' }).click();
    expect(await isShown(at.main.getByText('No repositories').first())).toBe(true);
  });

  it('lists the account, why its credential is used, and whom it may be sent to', async () => {
    await app.page.keyboard.press('Control+,');
    const accounts = at.main.getByRole('list', { name: 'Accounts' });
    expect(await isShown(accounts.getByText('Signed in as ada, secret in memory until Gantry closes'))).toBe(true);
    await accounts.getByRole('button', { name: 'Why this credential' }).click();
    expect(await isShown(accounts.getByRole('list', { name: 'Where it was looked for' }).getByText('used'))).toBe(true);
    await expectNoBarriers(app.page, 'the settings');
    await accounts.getByRole('button', { name: `No longer trust localhost:${issuer.port}` }).click();
    expect(await isGone(accounts.getByText(`localhost:${issuer.port}`))).toBe(true);
  });

  it('asks again where the trust was taken back, and reads on once it is given', async () => {
    await at.row('Tokened').click();
    await at.main.getByRole('button', { name: 'Refresh' }).first().click();
    await at.main.getByRole('button', { name: `Trust localhost:${issuer.port}…` }).click();
    await at.dialog.getByRole('button', { name: `Trust localhost:${issuer.port}` }).click();
    expect(await isShown(at.main.getByText('No repositories').first())).toBe(true);
  });

  it('signs out after asking: the secret is gone and the registry stays', async () => {
    await app.page.keyboard.press('Control+,');
    await at.main.getByRole('button', { name: 'Sign out of Tokened' }).click();
    await at.dialog.getByRole('button', { name: 'Sign out' }).click();
    expect(await isShown(at.main.getByText('Not signed in'))).toBe(true);
    expect(await isShown(at.row('Tokened'))).toBe(true);
  });

  it('says how much is kept, and changes it', async () => {
    await at.main.getByRole('combobox', { name: 'Keep at most' }).selectOption('Nothing');
    expect(await isShown(at.main.getByText('Everything is read anew each time'))).toBe(true);
  });

  it('keeps where uploads may go and in what chunks, and says which size is none', async () => {
    await at.openDialog();
    await at.typeIn({ host: '127.0.0.1:1', label: 'Uploads', plainHttp: true });
    await at.dialog.getByLabel('Upload servers').fill('Storage.example');
    await button('Allow').click();
    const size = at.dialog.getByLabel('Upload chunks (MiB)');
    await size.fill('0');
    await button('Add registry').click();
    expect(await isShown(at.dialog.getByText('Type a size from 0.0625 to 1024, or nothing'))).toBe(true);
    await expectNoBarriers(app.page, 'the options for uploads');
    await size.fill('0.5');
    await button('Add registry').click();
    await at.dialog.waitFor({ state: 'detached' });
    await at.main.getByRole('button', { name: 'Edit connection…' }).first().click();
    expect(await isShown(at.dialog.getByText('plain HTTP, uploads to other servers, uploads in chunks'))).toBe(true);
    await at.dialog.getByRole('button', { name: 'Connection options' }).click();
    await expect.poll(() => size.inputValue()).toBe('0.5');
    const hosts = at.dialog.getByRole('list', { name: 'Upload servers' });
    await expect.poll(() => hosts.innerText()).toBe('storage.example');
    await button('No longer send uploads to storage.example').click();
    expect(await isGone(hosts)).toBe(true);
    await cancel();
  });

  it('throws nothing on the way', () => {
    expect(app.problems).toEqual([]);
  });
});
