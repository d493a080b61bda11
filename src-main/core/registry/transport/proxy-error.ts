/** A proxy could not be used: not reached, not usable, or it refused. Says nothing of what was sent to it. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
  /** `host:port` of the proxy, or the variable that names none. */
  readonly proxy: string;

  constructor(proxy: string, detail: string, options?: ErrorOptions) {
    super(`proxy ${proxy}: ${detail}`, options);
    this.proxy = proxy;
  }
}

/** What a proxy's own answer means. */
export function proxyRefusal(proxy: string, status: number): ProxyError {
  return new ProxyError(proxy, `answered ${status}: ${REFUSALS.get(status) ?? 'it refused'}`);
}

const REFUSALS: ReadonlyMap<number, string> = new Map([
  [403, 'it does not let us go there'],
  [407, 'it wants another user name and password than it was given, or any'],
  [405, 'it makes no tunnels'],
  [502, 'it does not reach the host'],
  [503, 'it does not reach the host'],
  [504, 'it does not reach the host in time'],
]);
