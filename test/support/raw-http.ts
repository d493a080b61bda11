import { type IncomingHttpHeaders, request } from 'node:http';

export type RawRequest = {
  readonly method?: string;
  /** As it goes on the wire: nothing is normalised. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
};
export type RawResponse = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer };

/** One request on a connection of its own, with exactly these headers besides Host and Content-Length. */
export function sendRaw(
  address: string,
  { method = 'GET', path, headers = {}, body }: RawRequest,
): Promise<RawResponse> {
  const [host, port] = address.split(':');
  const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host, port, method, path, agent: false, headers: { ...length, ...headers } },
      (response) => {
        const chunks: Uint8Array[] = [];
        response.on('data', (chunk: Uint8Array) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** The code of the first error of a registry's answer. */
export function errorCode({ body }: RawResponse): string | undefined {
  const answer = JSON.parse(body.toString('utf8')) as { errors?: readonly { code?: string }[] };
  return answer.errors?.[0]?.code;
}
