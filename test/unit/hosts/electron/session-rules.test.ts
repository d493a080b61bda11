import { describe, expect, it } from 'vitest';
import { restrictSession } from '#main/hosts/electron/session-rules.ts';

type Handlers = {
  request: (contents: object, permission: string, callback: (granted: boolean) => void, details: object) => void;
  check: (contents: object | null, permission: string, origin: string) => boolean;
  device: (details: object) => boolean;
};

/** Puts the rules on a session that keeps them for us to ask. */
function rules() {
  const handlers: Partial<Handlers> = {};
  const listeners = new Map<string, (event: { preventDefault: () => void }) => void>();
  let spellChecker = true;
  restrictSession({
    setPermissionRequestHandler: (handler: Handlers['request']) => (handlers.request = handler),
    setPermissionCheckHandler: (handler: Handlers['check']) => (handlers.check = handler),
    setDevicePermissionHandler: (handler: Handlers['device']) => (handlers.device = handler),
    setSpellCheckerEnabled: (enabled: boolean) => (spellChecker = enabled),
    on: (event: string, listener: () => void) => listeners.set(event, listener),
  } as unknown as Parameters<typeof restrictSession>[0]);
  const request = (permission: string, url: string, pageUrl = url) => {
    let granted: boolean | undefined;
    handlers.request?.({ getURL: () => pageUrl }, permission, (answer) => (granted = answer), { requestingUrl: url });
    return granted;
  };
  return { handlers, listeners, request, spellChecker };
}

const OURS = 'app://gantry/';

describe('the session', () => {
  it.each(['geolocation', 'media', 'notifications', 'clipboard-read', 'usb', 'openExternal', 'fileSystem', 'unknown'])(
    'E4 denies %s, to our own page too',
    (permission) => {
      const { handlers, request } = rules();
      expect(request(permission, OURS)).toBe(false);
      expect(handlers.check?.(null, permission, OURS)).toBe(false);
    },
  );

  it('E4 lets our page write text to the clipboard, and no other', () => {
    const { handlers, request } = rules();
    const write = 'clipboard-sanitized-write';
    expect([request(write, OURS), handlers.check?.(null, write, OURS)]).toEqual([true, true]);
    expect([request(write, 'https://evil.example/'), request(write, OURS, 'https://evil.example/')]).toEqual([
      false,
      false,
    ]);
    expect(handlers.check?.(null, write, 'https://evil.example')).toBe(false);
  });

  it('E4 denies every device', () => {
    expect(rules().handlers.device?.({ deviceType: 'hid', origin: OURS })).toBe(false);
  });

  it('E4 stops a download, and fetches no dictionary', () => {
    const { listeners, spellChecker } = rules();
    let stopped = false;
    listeners.get('will-download')?.({ preventDefault: () => (stopped = true) });
    expect([stopped, spellChecker]).toEqual([true, false]);
  });
});
