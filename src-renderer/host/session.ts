import { ApiError } from './api-error.ts';

const STORED = 'gantry:token';
const CODE = /^#code=([\w-]{1,128})$/;

export type SessionState = 'open' | 'lost';

let state: SessionState = 'open';
const listeners = new Set<() => void>();

/** Whether the host still knows this page. In the shape that `useSyncExternalStore` takes. */
export const session = {
  state: (): SessionState => state,
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  },
} as const;

/** The host refused the token: there is no way on but the address that the terminal prints. */
export function loseSession(): ApiError {
  sessionStorage.removeItem(STORED);
  state = 'lost';
  for (const listener of listeners) listener();
  return new ApiError({ kind: 'host-unreachable', reason: 'session' });
}

/** Reads the one-time code and takes it out of the address bar and the history at once. */
function takeCode(): string | undefined {
  const code = CODE.exec(location.hash)?.[1];
  if (code !== undefined) history.replaceState(history.state, '', location.pathname + location.search);
  return code;
}

/** The token for a one-time code, kept for this tab. Undefined when the code is used up or too old. */
async function exchange(code: string): Promise<string | undefined> {
  const response = await fetch('/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  });
  if (!response.ok) return undefined;
  const token = await response.text();
  sessionStorage.setItem(STORED, token);
  return token;
}

/** Settled, so that a host that is gone fails the calls that wait for it and not the page. */
type Exchanged = readonly PromiseSettledResult<string | undefined>[];
let fresh: Promise<Exchanged> | undefined;

/** Takes the code out of the address, if there is one, and trades it for a new token at once. */
export function openSession(): void {
  const code = takeCode();
  // A new address pasted over this one differs in its hash only, for which no browser loads the page again.
  window.addEventListener('hashchange', () => {
    if (CODE.test(location.hash)) location.reload();
  });
  fresh = code === undefined ? undefined : Promise.allSettled([exchange(code)]);
}

/**
 * The token of this tab. It lives in sessionStorage, so that a reload keeps it and no other tab, origin or port gets it.
 * @throws {ApiError} `host-unreachable{session}` when there is none
 */
export async function sessionToken(): Promise<string> {
  const [exchanged] = (await fresh) ?? [];
  if (exchanged?.status === 'rejected') throw exchanged.reason;
  const token = exchanged?.value ?? sessionStorage.getItem(STORED);
  if (token === null) throw loseSession();
  return token;
}
