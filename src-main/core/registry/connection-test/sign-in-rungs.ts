import { selectChallenge } from '../auth/schemes.ts';
import { CATALOG_SCOPE } from '../auth/scopes.ts';
import type { FoundCredential, RegistryConnection, RegistryCredential } from '../registry-client.ts';
import { ping } from '../remote/ping.ts';
import { formatChallenge, parseChallenges, shownLine } from '../transport/challenge.ts';
import { headerLines } from '../transport/headers.ts';
import { redactLine, redactUrl } from '../transport/redact.ts';
import { RegistryError } from '../transport/registry-error.ts';
import type { Ladder, Outcome } from './ladder.ts';

const MAX_DETAIL = 1000;

/** How the registry wants to be asked: each challenge as we read it, what we cannot read as it came. */
export function readChallenge(ladder: Ladder): Promise<Outcome> {
  const { answer } = ladder;
  if (answer === undefined || answer.status === 200) {
    return Promise.resolve({ state: 'ok', detail: 'none: the registry lets anyone in' });
  }
  const lines = headerLines(answer.headers, 'www-authenticate');
  const { challenges, malformed } = parseChallenges(lines);
  ladder.challenges = challenges;
  const detail = challenges.map(formatChallenge).join('; ').slice(0, MAX_DETAIL);
  if (malformed.length > 0) {
    const raw = shownLine(lines.join(', '), ladder.context.session.secrets());
    return Promise.resolve({ state: 'warning', detail: `${detail} (not all readable: ${raw})` });
  }
  if (challenges.length > 0) return Promise.resolve({ state: 'ok', detail });
  return Promise.resolve({ state: 'warning', detail: 'HTTP 401 without a WWW-Authenticate header' });
}

/**
 * Which credential is used and why. One that is sent as it is, by Basic or as a finished token, is tried here; one that
 * is traded for a token in the next rung.
 */
export async function findCredential(ladder: Ladder): Promise<Outcome> {
  const { connection, context, challenges, answer, signal } = ladder;
  const isAsked = answer?.status === 401;
  if (!isAsked && connection.credential?.kind !== 'bearer') {
    const unused = connection.credential === undefined ? '' : '; the one given goes unused';
    return { state: 'skipped', detail: `none is asked for${unused}` };
  }
  const found = await lookUp(connection, signal);
  ladder.found = found;
  const chosen = selectChallenge(challenges, found.credential?.kind ?? 'nothing');
  if (chosen?.scheme === 'bearer' && found.credential?.kind !== 'bearer') {
    ladder.bearer = chosen;
    return { state: 'ok', detail: found.why };
  }
  await ping(context, signal);
  return { state: 'ok', detail: `let in: ${found.why}` };
}

async function lookUp(connection: RegistryConnection, signal: AbortSignal | undefined): Promise<FoundCredential> {
  const { credential, credentialSource } = connection;
  if (credential !== undefined)
    return { credential, why: `${describeCredential(credential)}, given for this registry` };
  if (credentialSource === undefined) return { why: 'none: asked as anonymous' };
  return await credentialSource.find({ signal });
}

function describeCredential(credential: RegistryCredential): string {
  if (credential.kind === 'password') return `user ${credential.username} with a password`;
  return credential.kind === 'bearer' ? 'a registry token' : 'an identity token';
}

/** What the token server gives for the credential, asked as the catalog needs it. */
export async function fetchToken(ladder: Ladder): Promise<Outcome> {
  const { answer, bearer, context, found, signal } = ladder;
  if (bearer === undefined || answer === undefined) return { state: 'skipped', detail: whyNoToken(ladder) };
  const nobody = { authorization: undefined, identity: undefined };
  const attempt = await context.session.answer(answer, nobody, [CATALOG_SCOPE], { signal });
  const authorization = attempt?.authorization;
  if (authorization === undefined) {
    const hadCredential = found?.credential !== undefined;
    throw new RegistryError({ kind: 'unauthorized', hadCredential, codes: [] }, answer.trace);
  }
  ladder.authorization = authorization;
  const [realm = '', service] = [bearer.params.get('realm'), bearer.params.get('service')];
  const facts = [
    `from ${redactUrl(URL.parse(realm, context.endpoint.url.href) ?? '', context.session.secrets())}`,
    ...(service === undefined ? [] : [`for the service ${redactLine(service)}`]),
    ...lifetimeOf(ladder, authorization),
  ];
  return { state: 'ok', detail: facts.join(', ').slice(0, MAX_DETAIL) };
}

function lifetimeOf({ context, nowMs }: Ladder, authorization: string): readonly string[] {
  const expiresAtMs = context.session.expiresAtMs(authorization);
  return expiresAtMs === undefined ? [] : [`kept for ${Math.max(0, Math.round((expiresAtMs - nowMs()) / 1000))} s`];
}

function whyNoToken({ answer, found }: Ladder): string {
  if (found?.credential?.kind === 'bearer') return 'the credential is a token already';
  return answer?.status === 401 ? 'not needed: Basic sends the password itself' : 'not needed';
}
