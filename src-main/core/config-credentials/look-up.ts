import type { RegistryCredential } from '../registry/registry-client.ts';
import type { AuthEntry } from './auth-entry.ts';
import type { ConfigFile } from './config-file.ts';
import { bestMatch, HUB_KEY } from './config-keys.ts';
import type { ConfigPlace } from './config-places.ts';
import type { PlaceContent } from './config-reader.ts';
import type { HelperQuestion } from './credential-helper.ts';
import { DOCKER_HUB } from '#shared/oci/registry-host.ts';

/** One place that was looked at, in the order looked. Holds no secret. */
export type Considered = {
  readonly source: 'keychain' | 'environment' | 'docker-config' | 'podman-config' | 'helper';
  /** The file or variable; for a helper its program's name. */
  readonly place: string;
  /** The key that matched. */
  readonly key?: string;
  readonly outcome: 'used' | 'no-match' | 'absent' | 'unreadable' | 'failed' | 'not-reached';
  readonly detail?: string;
};

/** What a look through the places has found, and the sentence that says why. */
export type LookUp = {
  readonly credential: RegistryCredential | undefined;
  readonly why: string;
  readonly considered: readonly Considered[];
};

export type LookUpOptions = {
  readonly host: string;
  readonly repository?: string | undefined;
  /** @throws {CredentialHelperError} */
  readonly ask: (question: Omit<HelperQuestion, 'signal'>) => Promise<RegistryCredential | undefined>;
};

export type ReadPlace = { readonly place: ConfigPlace; readonly content: PlaceContent };

type Step = { readonly considered: Considered; readonly credential?: RegistryCredential; readonly why?: string };

/**
 * The first place that holds a credential decides. Inside a file docker's own order: the host's helper, else the
 * helper for all hosts, and then what the file itself holds, longest path first.
 * @throws {CredentialHelperError} when the helper that is responsible fails: nothing after it is tried
 */
export async function lookUp(places: readonly ReadPlace[], options: LookUpOptions): Promise<LookUp> {
  const considered: Considered[] = [];
  let found: Required<Pick<Step, 'credential' | 'why'>> | undefined;
  for (const { place, content } of places) {
    if (found !== undefined) {
      considered.push({ ...whereOf(place), outcome: 'not-reached' });
      continue;
    }
    for await (const step of stepsOf(place, content, options)) {
      considered.push(step.considered);
      if (step.credential === undefined || step.why === undefined) continue;
      found = { credential: step.credential, why: step.why };
      if (step.considered.source === 'helper') considered.push({ ...whereOf(place), outcome: 'not-reached' });
      break;
    }
  }
  const why = found?.why ?? `docker's and podman's config hold no credential for ${options.host}`;
  return { credential: found?.credential, why, considered };
}

async function* stepsOf(place: ConfigPlace, content: PlaceContent, options: LookUpOptions): AsyncGenerator<Step> {
  const where = whereOf(place);
  if (content.kind === 'absent') yield { considered: { ...where, outcome: 'absent' } };
  else if (content.kind === 'unreadable') {
    yield { considered: { ...where, outcome: 'unreadable', detail: content.why } };
  } else {
    const responsible = helperFor(content.file, options.host);
    if (responsible !== undefined) yield askResponsible(place, responsible, options);
    yield readOwnEntry(place, content, options);
  }
}

type Responsible = { readonly helper: string; readonly serverUrls: readonly string[]; readonly reach: string };

/** An empty name in `credHelpers` takes a host away from `credsStore`: docker keeps it in the file then. */
function helperFor({ credHelpers, credsStore }: ConfigFile, host: string): Responsible | undefined {
  const own = bestMatch(credHelpers, { host });
  const serverUrl = host === DOCKER_HUB ? HUB_KEY : host;
  if (own !== undefined) {
    if (own.value === '') return undefined;
    // podman files Hub under the name it has in the config.
    const serverUrls = host === DOCKER_HUB && own.key !== HUB_KEY ? [HUB_KEY, own.key] : [serverUrl];
    return { helper: own.value, serverUrls, reach: own.key };
  }
  if (credsStore === undefined) return undefined;
  return { helper: credsStore, serverUrls: [serverUrl], reach: 'every registry' };
}

async function askResponsible(place: ConfigPlace, responsible: Responsible, options: LookUpOptions): Promise<Step> {
  const { helper, serverUrls, reach } = responsible;
  const name = `docker-credential-${helper}`;
  const detail = `named in ${place.path} for ${reach}`;
  for (const serverUrl of serverUrls) {
    const credential = await options.ask({ helper, serverUrl, source: place.path });
    if (credential === undefined) continue;
    return {
      considered: { source: 'helper', place: name, key: serverUrl, outcome: 'used', detail },
      credential,
      why: `from ${name}, which ${place.path} names for ${reach}`,
    };
  }
  return { considered: { source: 'helper', place: name, outcome: 'no-match', detail } };
}

function readOwnEntry(
  place: ConfigPlace,
  { file, looseMode }: Extract<PlaceContent, { kind: 'read' }>,
  { host, repository }: LookUpOptions,
): Step {
  const where = whereOf(place);
  const match = bestMatch(
    file.auths.filter(([, entry]) => entry.kind !== 'empty'),
    { host, repository },
  );
  const warning = looseMode !== undefined && file.auths.some(([, entry]) => entry.kind !== 'empty');
  const loose = warning ? `others on this machine may read or change it (mode ${looseMode})` : undefined;
  if (match === undefined) {
    return { considered: { ...where, outcome: 'no-match', ...(loose === undefined ? {} : { detail: loose }) } };
  }
  return withEntry(match.key, match.value, place, loose);
}

function withEntry(key: string, entry: AuthEntry, place: ConfigPlace, loose: string | undefined): Step {
  const where = whereOf(place);
  if (entry.kind !== 'credential') {
    const why = entry.kind === 'broken' ? entry.why : 'it is empty';
    return { considered: { ...where, key, outcome: 'failed', detail: why } };
  }
  return {
    considered: { ...where, key, outcome: 'used', ...(loose === undefined ? {} : { detail: loose }) },
    credential: entry.credential,
    why: `from ${place.path}, key ${key}`,
  };
}

/** How a place is named in an explanation. */
export function whereOf(place: ConfigPlace): Pick<Considered, 'source' | 'place'> {
  return { source: place.kind === 'inline' ? 'environment' : place.source, place: place.path };
}
