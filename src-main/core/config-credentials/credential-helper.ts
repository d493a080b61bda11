import { z } from 'zod';
import { CredentialHelperError, type CredentialHelperReason } from '../gantry-error.ts';
import type { RegistryCredential } from '../registry/registry-client.ts';
import { credentialOf } from './auth-entry.ts';
import type { Environment } from './config-places.ts';
import { findProgram } from './find-program.ts';
import { type ProgramEnd, runProgram } from './run-program.ts';

/** Asks one of docker's credential helpers. */
export type HelperQuestion = {
  /** `pass` of `docker-credential-pass`. */
  readonly helper: string;
  /** What the helper files the credential under: a host, or docker's key of Hub. */
  readonly serverUrl: string;
  /** The config file that names the helper. */
  readonly source: string;
  readonly signal?: AbortSignal | undefined;
};

export type HelperOptions = {
  readonly env: Environment;
  readonly homeDir: string;
  /** 10 s when absent. */
  readonly timeoutMs?: number | undefined;
  /** This machine's when absent. */
  readonly platform?: NodeJS.Platform | undefined;
};

const TIMEOUT_MS = 10_000;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const SERVER_URL = /^[\x21-\x7e]{1,2048}$/;
/** How a helper says that it holds nothing for this server; word for word what docker looks for. */
const NOT_FOUND = 'credentials not found in native keychain';
/** What the well-known helpers, and the programs they call, say of failures a person can mend. */
const KNOWN_WORDS = [
  'gpg: decryption failed: No secret key',
  'gpg: decryption failed',
  'pass not initialized',
  'pass store is uninitialized',
  'Cannot autolaunch D-Bus without X11 $DISPLAY',
  'The name org.freedesktop.secrets was not provided by any .service files',
  'Cannot create an item in a locked collection',
  'User interaction is not allowed.',
  'User canceled the operation.',
  'The user name or passphrase you entered is not correct.',
  'NoCredentialProviders: no valid providers in chain',
  'failed to refresh cached credentials',
  'could not find default credentials',
  'There was a problem refreshing your current auth tokens',
  'Please run: az login',
  "Please run 'az login'",
  'permission denied',
] as const;

const answerSchema = z.object({ Username: z.string(), Secret: z.string() });

/**
 * What `docker-credential-NAME get` answers; undefined when it holds nothing for the server. Any other failure is an
 * error and nothing else may be tried in its place: a missing helper must not send another store's secret
 * (SECURITY-CASES V17, A16, A17). Rejects with the signal's reason when aborted.
 * @throws {CredentialHelperError}
 */
export async function askHelper(
  question: HelperQuestion,
  options: HelperOptions,
): Promise<RegistryCredential | undefined> {
  const fail: Fail = (reason, detail) =>
    new CredentialHelperError({ helper: question.helper.slice(0, 64), reason, source: question.source, detail });
  return readEnd(await run(question, options, fail), fail);
}

type Exited = Extract<ProgramEnd, { kind: 'exited' }>;
type Fail = (reason: CredentialHelperReason, detail: string) => CredentialHelperError;

async function run(
  { helper, serverUrl, signal }: HelperQuestion,
  { env, homeDir, platform = process.platform, timeoutMs = TIMEOUT_MS }: HelperOptions,
  fail: Fail,
): Promise<Exited> {
  if (!NAME.test(helper)) throw fail('bad-name', 'not a name of a credential helper');
  if (!SERVER_URL.test(serverUrl)) throw fail('bad-name', 'not an address a helper can be asked for');
  const name = `docker-credential-${helper}`;
  const path = await findProgram(name, { env, homeDir, platform });
  if (path === undefined) throw fail('not-found', `${name} is in no folder of PATH`);
  const end = await runProgram({ path, args: ['get'], input: serverUrl, env, timeoutMs, signal });
  if (end.kind === 'exited') return end;
  if (end.kind === 'timeout') throw fail('timeout', `no answer within ${timeoutMs / 1000} seconds`);
  if (end.kind === 'too-much') throw fail('bad-answer', 'the answer is longer than 64 KiB');
  throw fail('failed', end.why);
}

function readEnd(end: Exited, fail: Fail): RegistryCredential | undefined {
  if (end.code !== 0) {
    if (isNotFound(end)) return undefined;
    throw fail('failed', wordsOf(end));
  }
  const entry = readAnswer(end.stdout);
  if (entry === undefined) throw fail('bad-answer', 'the answer is not JSON with "Username" and "Secret"');
  if (entry.kind === 'broken') throw fail('bad-answer', entry.why);
  return entry.kind === 'credential' ? entry.credential : undefined;
}

function readAnswer(text: string): ReturnType<typeof credentialOf> | undefined {
  try {
    const { Username, Secret } = answerSchema.parse(JSON.parse(text));
    return credentialOf(Username, Secret);
  } catch {
    // No cause: an error of the parser may quote the secret.
    return undefined;
  }
}

function isNotFound({ stdout, stderr }: Exited): boolean {
  return stdout.trim() === NOT_FOUND || stderr.trim() === NOT_FOUND;
}

/**
 * How it ended, with its words when they are among the known ones. Anything else a helper prints may hold a secret of
 * any form, so that none of it is repeated.
 */
function wordsOf({ code, stdout, stderr }: Exited): string {
  const status = code === undefined ? 'killed' : `exit status ${code}`;
  const known = KNOWN_WORDS.find((words) => stderr.includes(words) || stdout.includes(words));
  return known === undefined ? status : `${known} (${status})`;
}
