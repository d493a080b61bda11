import { expect, it } from 'vitest';
import { describeDesktop } from './support/drivers.ts';

const OUTSIDE = [
  'https://example.com/',
  'http://gantry/',
  'app://other/',
  'app://gantry.evil/',
  'app://gantry@evil/',
  'app://evil@gantry/',
  'app://gantry:1/',
  'file:///etc/passwd',
  'data:text/html,x',
  'javascript:alert(1)',
  'about:blank',
  '',
];

describeDesktop('the hardened window', (app) => {
  it('E1 has a page without Node, isolated and sandboxed', async () => {
    const preferences = await app().inMain(({ BrowserWindow }) => {
      const contents: object | undefined = BrowserWindow.getAllWindows()[0]?.webContents;
      // Not in the type definitions, but how Electron's own tests ask.
      return (contents as { getLastWebPreferences(): object }).getLastWebPreferences();
    });
    expect(preferences).toMatchObject({
      nodeIntegration: false,
      contextIsolation: true,
      sandbox: true,
      webSecurity: true,
      webviewTag: false,
    });
  });

  it('E1 sandboxes whatever renderer comes, before the app is ready', async () => {
    // Only the stand-in keeps count, and throws when it comes too late; Electron itself does not tell.
    expect(await app().inMain((electron) => (electron.app as { sandboxed?: boolean[] }).sandboxed ?? [true])).toEqual([
      true,
    ]);
  });

  it('E1 E9 gives the page one mark and no way to Node or IPC', async () => {
    const seen = await app().page.evaluate(() => {
      const names = ['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'electron', '__dirname'];
      const mark: unknown = Reflect.get(window, 'gantry');
      const kinds = Object.entries(mark ?? {}).map(([name, value]) => `${name}: ${typeof value}`);
      return { names: names.filter((name) => name in window), kinds, frozen: Object.isFrozen(mark) };
    });
    expect(seen).toEqual({ names: [], kinds: ['transport: string', 'pathOfFile: function'], frozen: true });
  });

  it.each(['/..%2f..%2fetc%2fpasswd', '/../../etc/passwd', '/%2e%2e/package.json', '/assets/..%5c..%5cpackage.json'])(
    'I03 E2 gives 404 for %s',
    async (path) => {
      const status = await app().inMain(async ({ net }, url) => (await net.fetch(url)).status, `app://gantry${path}`);
      expect(status).toBe(404);
    },
  );

  it('E2 answers GET on one host only', async () => {
    const statuses = await app().inMain(async ({ net }) => {
      const answers = await Promise.all([
        net.fetch('app://gantry/'),
        net.fetch('app://other/'),
        net.fetch('app://gantry.evil/index.html'),
        net.fetch('app://gantry/', { method: 'POST', body: 'x' }),
      ]);
      return answers.map(({ status }) => status);
    });
    expect(statuses).toEqual([200, 404, 404, 405]);
  });

  it('E3 sends the content security policy as a header, with nothing unsafe in it', async () => {
    const headers = await app().inMain(async ({ net }) => [...(await net.fetch('app://gantry/')).headers]);
    const policy = new Map(headers).get('content-security-policy');
    expect(policy).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'; " +
        "require-trusted-types-for 'script'",
    );
    expect(new Map(headers).get('x-content-type-options')).toBe('nosniff');
  });

  it('E3 runs no script that comes as text', async () => {
    const ran = await app().page.evaluate(() => {
      const tries: Record<string, () => unknown> = {
        eval: () => (Reflect.get(globalThis, 'eval') as (text: string) => unknown)('1'),
        function: () => Reflect.construct(Reflect.get(globalThis, 'Function'), ['return 1']),
        html: () => (document.createElement('div').innerHTML = '<img src=x onerror=1>'),
        inline: () => {
          const script = document.createElement('script');
          script.textContent = 'window.ran = 1';
          document.head.append(script);
          return Reflect.get(window, 'ran') as unknown;
        },
      };
      const succeed = (name: string) => {
        try {
          return tries[name]?.() !== undefined;
        } catch {
          return false;
        }
      };
      // Later, from a timer: what a debugger evaluates is let off the policy.
      return new Promise<string[]>((resolve) => setTimeout(() => resolve(Object.keys(tries).filter(succeed)), 0));
    });
    expect(ran).toEqual([]);
  });

  it('E3 is needed by nothing in the page: a start breaks no rule of it', async () => {
    const { page } = app();
    const broken: string[] = [];
    page.on('console', (message) => {
      if (/Content Security Policy|Trusted/.test(message.text())) broken.push(message.text());
    });
    await page.reload();
    await page.getByRole('tree').getByRole('treeitem', { name: 'Local' }).waitFor();
    expect(broken).toEqual([]);
  });

  it('E4 lets the page copy and nothing else', async () => {
    const states = await app().page.evaluate(async () => {
      const names = ['clipboard-write', 'clipboard-read', 'geolocation', 'notifications', 'midi'];
      const all = names.map(async (name) => {
        const { state } = await navigator.permissions.query({ name: name as PermissionName });
        return state === 'granted' ? [name] : [];
      });
      return (await Promise.all(all)).flat();
    });
    expect(states).toEqual(['clipboard-write']);
  });

  it('E4 refuses every permission that is not ours to give, whoever asks, and every device', async () => {
    const granted = await app().inMain(({ BrowserWindow, session }) => {
      type Handlers = Record<'request' | 'check' | 'device', (...args: readonly unknown[]) => unknown>;
      // Electron has no way to ask its handlers; the stand-in keeps them.
      const { handlers } = session.defaultSession as { handlers?: Handlers };
      if (handlers === undefined) return ['request clipboard-sanitized-write app://gantry/'];
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      const names = [
        'clipboard-sanitized-write',
        'clipboard-read',
        'media',
        'geolocation',
        'openExternal',
        'fileSystem',
      ];
      const asked = names.flatMap((name) =>
        ['app://gantry/', 'https://evil.example/'].map((url) => [name, url] as const),
      );
      const requested = asked.filter(([name, requestingUrl]) => {
        let answer: unknown;
        handlers.request(contents, name, (given: unknown) => (answer = given), { requestingUrl });
        return answer === true;
      });
      const checked = asked.filter(([name, url]) => handlers.check(contents, name, url) === true);
      const devices = handlers.device({ deviceType: 'usb' }) === false ? [] : ['device'];
      const ours = checked.filter(([name, url]) => name !== 'clipboard-sanitized-write' || url !== 'app://gantry/');
      return [...[...requested, ...ours].map((each) => `request ${each.join(' ')}`), ...devices];
    });
    expect(granted).toEqual(['request clipboard-sanitized-write app://gantry/']);
  });

  it('E4 starts no download', async () => {
    const prevented = await app().inMain(({ session }) => {
      let stopped = false;
      session.defaultSession.emit('will-download', { preventDefault: () => (stopped = true) }, {}, {});
      return stopped;
    });
    expect(prevented).toBe(true);
  });

  it.each(['will-navigate', 'will-redirect', 'will-frame-navigate'])('E5 stops %s to anywhere else', async (name) => {
    const passed = await app().inMain(
      ({ BrowserWindow }, [event, urls]) => {
        const [window] = BrowserWindow.getAllWindows();
        return urls.filter((url) => {
          let stopped = false;
          const details = { url, isMainFrame: true, preventDefault: () => (stopped = true) };
          window?.webContents.emit(event, details);
          return !stopped;
        });
      },
      [name, OUTSIDE] as const,
    );
    expect(passed).toEqual([]);
  });

  it('E5 stops every frame, even one of ours', async () => {
    const stopped = await app().inMain(({ BrowserWindow }) => {
      let prevented = false;
      const details = { url: 'app://gantry/', isMainFrame: false, preventDefault: () => (prevented = true) };
      BrowserWindow.getAllWindows()[0]?.webContents.emit('will-frame-navigate', details);
      return prevented;
    });
    expect(stopped).toBe(true);
  });

  it('I03 E5 stays where it is when the page sets another location', async () => {
    const { page } = app();
    const before = page.url();
    await page.evaluate(() => location.assign('https://gantry.invalid/'));
    await page.getByRole('tree').getByRole('treeitem', { name: 'Local' }).waitFor();
    expect(page.url()).toBe(before);
  });

  it('I03 E6 opens no second window', async () => {
    const opened = await app().page.evaluate(() => window.open('app://gantry/', '_blank') === null);
    const count = await app().inMain(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
    expect([opened, count]).toEqual([true, 1]);
  });

  it('E6 attaches no webview', async () => {
    const stopped = await app().inMain(({ BrowserWindow }) => {
      let prevented = false;
      const event = { preventDefault: () => (prevented = true) };
      BrowserWindow.getAllWindows()[0]?.webContents.emit('will-attach-webview', event, {}, {});
      return prevented;
    });
    expect(stopped).toBe(true);
  });
});
