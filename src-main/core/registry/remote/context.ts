import { isDigest } from '#shared/oci/digest.ts';
import { isRepositoryName, isTag } from '#shared/oci/reference.ts';
import { sendAuthorized } from '../auth/authorized.ts';
import type { AuthSession } from '../auth/session.ts';
import { InvalidInputError } from '../../gantry-error.ts';
import type { Clock } from '../../ports.ts';
import type { Priority } from '../registry-client.ts';
import { readStart } from '../transport/body.ts';
import type { Endpoint, HttpRequest, HttpResponse, Method, Transport } from '../transport/http.ts';
import { LIMITS } from '../transport/limits.ts';
import type { NotFoundWhat, RegistryError } from '../transport/registry-error.ts';
import { responseError } from '../transport/response-error.ts';
import type { Retrier } from '../transport/retry.ts';
import { apiUrl } from '../transport/route.ts';

/** What every verb needs: where, as whom, and over which connections. */
export type RemoteContext = {
  readonly endpoint: Endpoint;
  readonly session: AuthSession;
  readonly transport: Transport;
  readonly clock: Clock;
  /** Names a page of a list is asked for. */
  readonly pageSize: number;
  /** Of every request made with this context; `open` when absent. */
  readonly priority?: Priority | undefined;
  /** Of the operation that this context was made for; one for each request when absent. */
  readonly retrier?: Retrier | undefined;
  /** False for requests that only follow up on one that was repeated already. */
  readonly repeatable?: false;
};

export type Ask = {
  readonly method: Method;
  /** Path and query, from `/v2/` on, already safe for a URL; or an address at the registry that it gave itself. */
  readonly path: string | URL;
  readonly scopes: readonly string[];
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: HttpRequest['body'];
  readonly commits?: boolean;
  readonly isBulk?: boolean;
  /** As `HttpRequest.repeatable`. */
  readonly repeatable?: boolean;
  /** What a 404 says is missing when the registry does not. */
  readonly what: NotFoundWhat;
  readonly signal?: AbortSignal | undefined;
};

/** Sends one request and hands over the answer, whatever its status but a final 401. @throws {RegistryError} */
export function ask(context: RemoteContext, request: Ask): Promise<HttpResponse> {
  return sendAuthorized(
    {
      endpoint: context.endpoint,
      method: request.method,
      url: request.path instanceof URL ? request.path : apiUrl(context.endpoint, request.path),
      hop: 'registry',
      redirects: 'follow',
      signal: request.signal,
      priority: context.priority,
      repeatable: context.repeatable ?? request.repeatable,
      retrier: context.retrier,
      headers: { ...(request.accept === undefined ? {} : { accept: request.accept }), ...request.headers },
      body: request.body,
      commits: request.commits,
      isBulk: request.isBulk,
    },
    request.scopes,
    { ...context, nowMs: () => context.clock.now(), what: request.what },
  );
}

/** Like `ask`, but only 200 is an answer. @throws {RegistryError} what the status and its body say */
export async function askOk(context: RemoteContext, request: Ask): Promise<HttpResponse> {
  const response = await ask(context, request);
  if (response.status === 200) return response;
  throw await statusError(context, response, request.what);
}

/** The error an answer stands for; reads at most 64 KiB of its body and drops the rest. */
export async function statusError(
  context: RemoteContext,
  response: HttpResponse,
  what: NotFoundWhat,
): Promise<RegistryError> {
  return responseError({
    status: response.status,
    headers: response.headers,
    body: await readStart(response.body, LIMITS.errorBytes),
    trace: response.trace,
    hadCredential: context.session.hasCredential,
    what,
    nowMs: context.clock.now(),
    secrets: context.session.secrets(),
  });
}

/** The repository, fit for a path (SECURITY-CASES N01). @throws {InvalidInputError} */
export function checkedRepository(repository: string): string {
  if (isRepositoryName(repository)) return repository;
  throw new InvalidInputError('repository', 'not a repository name');
}

/** A tag or digest, fit for a path (M09). @throws {InvalidInputError} */
export function checkedReference(reference: string): string {
  if (isDigest(reference) || isTag(reference)) return reference;
  throw new InvalidInputError('reference', 'neither a tag nor a digest');
}
