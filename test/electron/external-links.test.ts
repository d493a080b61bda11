import { beforeEach, expect, it } from 'vitest';
import type { DesktopApp } from './support/desktop-app.ts';
import { describeDesktop } from './support/drivers.ts';

type Asked = { readonly message: string; readonly detail: string };
type Seen = { readonly asked: readonly Asked[]; readonly opened: readonly string[] };

/** Answers every question with `response` and keeps what was asked and opened. */
const answerWith = (app: DesktopApp, response: number) =>
  app.inMain(({ dialog, shell }, reply) => {
    const seen = { asked: [] as unknown[], opened: [] as string[] };
    Reflect.set(globalThis, 'seen', seen);
    dialog.showMessageBox = async (...args: readonly unknown[]) => {
      seen.asked.push(args.at(-1));
      return { response: reply, checkboxChecked: false };
    };
    shell.openExternal = async (url: string) => void seen.opened.push(url);
  }, response);

const seenBy = (app: DesktopApp) => app.inMain((): Seen => Reflect.get(globalThis, 'seen') as Seen);

const open = (app: DesktopApp, url: string) => app.page.evaluate((address) => void window.open(address), url);

describeDesktop('a link out of the window', (app) => {
  const CANCEL = 0;
  const OPEN = 1;
  beforeEach(() => answerWith(app(), OPEN));

  it('E7 is asked about with its host, and opens in the browser after a yes', async () => {
    await open(app(), 'https://example.com/docs?a=1');
    await expect.poll(async () => (await seenBy(app())).opened).toEqual(['https://example.com/docs?a=1']);
    const [question] = (await seenBy(app())).asked;
    expect(question?.message).toContain('example.com');
    expect(question?.detail).toContain('https://example.com/docs?a=1');
  });

  it('E7 does not open after a no', async () => {
    await answerWith(app(), CANCEL);
    await open(app(), 'https://example.com/');
    await expect.poll(async () => (await seenBy(app())).asked.length).toBe(1);
    expect((await seenBy(app())).opened).toEqual([]);
  });

  it('E7 shows a host of look-alike letters as what it is', async () => {
    await open(app(), 'https://ex\u0430mple.com/');
    await expect.poll(async () => (await seenBy(app())).asked[0]?.message).toContain('xn--exmple-4nf.com');
  });

  it.each([
    'file:///etc/passwd',
    'javascript:alert(1)',
    'smb://host/share',
    'docker-desktop://x',
    'mailto:a@b.c',
    'ms-msdt:/id',
  ])('E7 is not even asked about when it is %s', async (url) => {
    await open(app(), url);
    // The next question is the first: what came before it asked none.
    await open(app(), 'https://after.example/');
    await expect.poll(async () => (await seenBy(app())).asked.length).toBe(1);
    expect((await seenBy(app())).asked[0]?.message).toContain('after.example');
  });
});
