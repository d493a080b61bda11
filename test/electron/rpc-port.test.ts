import { expect, it } from 'vitest';
import type { DesktopApp } from './support/desktop-app.ts';
import { describeDesktop } from './support/drivers.ts';

type Sender = 'good' | 'frame' | 'gone' | 'elsewhere' | 'unknown' | 'two-ports';
type Outcome = { readonly started: boolean; readonly closed: boolean };

/** Offers a port as if a page had, and tells what became of it. */
const offerPort = (app: DesktopApp, kind: Sender): Promise<Outcome> =>
  app.inMain(({ BrowserWindow, ipcMain }, sender) => {
    const outcome = { started: false, closed: false };
    const port = {
      on: () => port,
      postMessage: () => undefined,
      start: () => (outcome.started = true),
      close: () => (outcome.closed = true),
    };
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    const other = { mainFrame: { url: 'https://evil.example/' }, on: () => undefined };
    const events = {
      good: { sender: contents, senderFrame: contents?.mainFrame, ports: [port] },
      frame: { sender: contents, senderFrame: { url: 'app://gantry/' }, ports: [port] },
      gone: { sender: contents, senderFrame: null, ports: [port] },
      elsewhere: { sender: other, senderFrame: other.mainFrame, ports: [port] },
      unknown: { sender: { mainFrame: contents?.mainFrame }, senderFrame: contents?.mainFrame, ports: [port] },
      'two-ports': { sender: contents, senderFrame: contents?.mainFrame, ports: [port, port] },
    };
    ipcMain.emit('gantry:port', events[sender]);
    return outcome;
  }, kind);

/** Sends messages on a port of our own and gives what is answered to them and to a good call at the end. */
const say = (app: DesktopApp, messages: readonly unknown[]) =>
  app.inMain(async ({ BrowserWindow, ipcMain }, texts) => {
    const answers: string[] = [];
    const listeners: ((event: { data: unknown }) => void)[] = [];
    const port = {
      on: (event: string, listener: (event: { data: unknown }) => void) => {
        if (event === 'message') listeners.push(listener);
        return port;
      },
      postMessage: (data: string) => answers.push(data),
      start: () => undefined,
      close: () => undefined,
    };
    const sender = BrowserWindow.getAllWindows()[0]?.webContents;
    ipcMain.emit('gantry:port', { sender, senderFrame: sender?.mainFrame, ports: [port] });
    const good = JSON.stringify({ i: 'good', p: { u: '/host/info', b: {} } });
    for (const data of [...texts, good]) for (const listener of listeners) listener({ data });
    while (!answers.some((answer) => answer.includes('"i":"good"')))
      await new Promise((resolve) => setTimeout(resolve, 5));
    return answers;
  }, messages);

const treeIsThere = async (app: DesktopApp) => {
  await app.page.getByRole('tree').getByRole('treeitem', { name: 'Local' }).waitFor();
  return true;
};

describeDesktop('the port between page and engine', (app) => {
  it.each(['frame', 'gone', 'elsewhere', 'unknown', 'two-ports'] as const)(
    'I02 E8 is refused and closed when its sender is not our page (%s)',
    async (sender) => {
      expect(await offerPort(app(), sender)).toEqual({ started: false, closed: true });
    },
  );

  it('I01 answers a good call after bad messages, and none of those', async () => {
    const bad = [42, null, {}, [], '', '{', '[]', '{"i":1}', '{"i":"a"}', '{"i":"b","p":{"u":"http://evil.example/"}}'];
    const answers = await say(app(), [...bad, '{"i":"c","t":9,"p":{}}', `"${'x'.repeat(2 * 1024 * 1024)}"`]);
    expect(answers).toHaveLength(1);
    expect(answers[0]).toContain('"version"');
  });

  it('I01 refuses an unknown procedure and a wrong input as errors of the contract', async () => {
    const call = (id: string, u: string, json: unknown) => JSON.stringify({ i: id, p: { u, b: { json } } });
    const answers = await say(app(), [
      call('none', '/host/nothing', {}),
      call('proto', '/__proto__/constructor', {}),
      call('wrong', '/tags/list', { registryId: 7 }),
    ]);
    const answerTo = (id: string) => answers.find((answer) => answer.includes(`"i":"${id}"`)) ?? '';
    expect(answerTo('none')).toMatch(/"s":404|NOT_FOUND/);
    expect(answerTo('proto')).toMatch(/"s":404|NOT_FOUND/);
    expect(answerTo('wrong')).toContain('invalid-input');
  });

  it('is made anew by a reload, after which the page works', async () => {
    await app().page.reload();
    expect(await treeIsThere(app())).toBe(true);
  });

  it('is handed over once: a second port of the page is left alone', async () => {
    const { page } = app();
    await app().inMain(({ ipcMain }) => {
      Reflect.set(globalThis, 'offered', 0);
      ipcMain.on('gantry:port', () =>
        Reflect.set(globalThis, 'offered', Number(Reflect.get(globalThis, 'offered')) + 1),
      );
    });
    await page.evaluate(() => window.postMessage('gantry:port', location.origin, [new MessageChannel().port2]));
    await page.reload();
    await treeIsThere(app());
    // One for the reload, none for what the page tried before.
    expect(await app().inMain(() => Reflect.get(globalThis, 'offered') as number)).toBe(1);
  });

  it('is closed when the page goes: one is open after three reloads', async () => {
    for (let count = 0; count < 3; count += 1) {
      await app().page.reload();
      await treeIsThere(app());
    }
    // Only the stand-in can count; Electron itself ends the ports of a page that is gone.
    const open = await app().inMain((electron) => (electron as { openPorts?: () => number }).openPorts?.() ?? 1);
    expect(open).toBe(1);
  });

  it('is closed with the page that crashes, whose reload is offered', async () => {
    const { page } = app();
    const question = await app().inMain(async ({ BrowserWindow, dialog }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      return new Promise<string>((resolve) => {
        dialog.showMessageBox = async (...args: readonly unknown[]) => {
          resolve(JSON.stringify(args.at(-1)));
          return { response: 0, checkboxChecked: false };
        };
        contents?.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 });
      });
    });
    expect(question).toContain('Reload');
    await page.waitForLoadState('domcontentloaded');
    expect(await treeIsThere(app())).toBe(true);
  });
});
