import { z } from 'zod';
import { pullScope, pushScope } from '../../auth/scopes.ts';
import type { UploadSession } from '../../registry-client.ts';
import { discard } from '../../transport/body.ts';
import type { HttpResponse, Method } from '../../transport/http.ts';
import { RegistryError, type RequestTrace } from '../../transport/registry-error.ts';
import { ask, type Ask, type RemoteContext, statusError } from '../context.ts';
import { checkUploadUrl, uploadLocation, type UploadRules } from './location.ts';
import { minChunkBytes, receivedBytes } from './received.ts';

/** One repository's uploads, as one person. */
export type UploadPlace = {
  readonly context: RemoteContext;
  readonly rules: UploadRules;
  readonly repository: string;
  readonly signal?: AbortSignal | undefined;
};

/** An upload as the registry knows it. */
export type Session = { readonly url: URL; readonly received: number; readonly minChunkBytes: number };

type UploadRequest = Pick<Ask, 'headers' | 'body' | 'commits' | 'repeatable'> & { readonly method: Method };

/**
 * Sends a request to where an upload is. Another host than the registry's gets no credential and no second try.
 * @throws {RegistryError}
 */
export function sendToUpload(place: UploadPlace, url: URL, request: UploadRequest): Promise<HttpResponse> {
  const { context, repository, signal } = place;
  const { endpoint, transport, priority, retrier, session } = context;
  if (url.origin === endpoint.url.origin) {
    return ask(context, { ...request, path: url, scopes: [pushScope(repository)], what: 'repository', signal });
  }
  const secrets = session.secrets();
  const call = { endpoint, url, hop: 'redirect', redirects: 'refuse', signal, priority, retrier, secrets } as const;
  return transport.send({ ...call, ...request });
}

/**
 * Begins an upload; with `mount`, the registry may take the blob from another repository instead, which is `mounted`.
 * Spec: OCI Distribution 1.1, "Pushing blobs", "Mounting a blob from another repository". @throws {RegistryError}
 */
export async function startSession(
  place: UploadPlace,
  mount?: { readonly digest: string; readonly from: string },
): Promise<Session | { readonly mounted: HttpResponse }> {
  const { context, repository, rules, signal } = place;
  const query = mount === undefined ? '' : `?mount=${mount.digest}&from=${encodeURIComponent(mount.from)}`;
  const scopes = [pushScope(repository), ...(mount === undefined ? [] : [pullScope(mount.from)])];
  const path = `/v2/${repository}/blobs/uploads/${query}`;
  const response = await ask(context, { method: 'POST', path, scopes, what: 'repository', signal });
  if (response.status === 201 && mount !== undefined) {
    discard(response.body);
    return { mounted: response };
  }
  if (response.status !== 202) throw await statusError(context, response, 'repository');
  discard(response.body);
  const { headers } = response;
  return { url: uploadLocation(response, rules), received: 0, minChunkBytes: minChunkBytes(headers) };
}

/**
 * Asks how far an upload has come; undefined when it is gone, or when the registry cannot say.
 * Spec: OCI Distribution 1.1, "Pushing a blob in chunks". @throws {RegistryError}
 */
export async function askSession(
  place: UploadPlace,
  session: Session,
  sentBytes: number,
): Promise<Session | undefined> {
  const response = await sendToUpload(place, session.url, { method: 'GET' });
  const { status, headers } = response;
  if (GONE.has(status)) {
    discard(response.body);
    return undefined;
  }
  if (status !== 204 && status !== 200) throw await statusError(place.context, response, 'unknown');
  discard(response.body);
  const received = receivedBytes(headers, sentBytes);
  return received === undefined ? undefined : { ...session, url: nextLocation(response, session, place), received };
}

const GONE: ReadonlySet<number> = new Set([400, 404, 405, 410, 501]);

/** A new address takes the old one's place; where none is given the old one stays good. @throws {RegistryError} */
export function nextLocation(response: HttpResponse, { url }: Session, { rules }: UploadPlace): URL {
  return response.headers['location'] === undefined ? url : uploadLocation(response, rules);
}

/** Closes an upload for good. Its answer does not matter: it is gone, or the registry will clean it up. */
export async function closeSession(place: UploadPlace, session: Session): Promise<void> {
  try {
    discard((await sendToUpload(place, session.url, { method: 'DELETE' })).body);
  } catch {
    // Nothing depends on it.
  }
}

const stateSchema = z.object({ version: z.literal(1), url: z.string(), minChunkBytes: z.int().nonnegative() });

/** As text for the caller to keep. */
export function toUploadSession({ url, minChunkBytes: least }: Session): UploadSession {
  return { state: JSON.stringify({ version: 1, url: url.href, minChunkBytes: least }) };
}

/** What was kept; undefined for what is none, or may no longer be sent to: it is judged as a `Location` is. */
export function fromUploadSession({ state }: UploadSession, rules: UploadRules): Session | undefined {
  const kept = parseState(state);
  const url = kept === undefined ? null : URL.parse(kept.url);
  if (kept === undefined || url === null) return undefined;
  const trace: RequestTrace = { method: 'GET', url: rules.endpoint.url.origin, hop: 'registry' };
  try {
    return { url: checkUploadUrl(url, rules, trace), received: 0, minChunkBytes: kept.minChunkBytes };
  } catch (error) {
    if (error instanceof RegistryError) return undefined;
    throw error;
  }
}

function parseState(state: string): z.infer<typeof stateSchema> | undefined {
  try {
    return stateSchema.safeParse(JSON.parse(state)).data;
  } catch {
    return undefined;
  }
}
