import type { Logger } from '../ports.ts';
import { createSingleFlight } from '../single-flight.ts';
import type { CredentialSource, RegistryCredential } from '../registry/registry-client.ts';
import { configPlaces, type PlaceOptions } from './config-places.ts';
import { createConfigReader } from './config-reader.ts';
import { askHelper, type HelperOptions, type HelperQuestion } from './credential-helper.ts';
import { lookUp, type LookUp, type ReadPlace } from './look-up.ts';

type Ask = {
  readonly host: string;
  /** As the registry knows it. */
  readonly repository?: string | undefined;
  /** The credential found before was refused: files are read and helpers asked again. */
  readonly stale?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** Credentials that docker and podman keep on this machine. */
export type ConfigCredentials = {
  /** For the client of one registry. */
  sourceOf(host: string): CredentialSource;
  /** The same look-up with every place that was looked at. @throws {CredentialHelperError} */
  lookUp(ask: Ask): Promise<LookUp>;
  /** What every place holds now, in the order looked at. */
  readPlaces(): Promise<readonly ReadPlace[]>;
};

type Options = PlaceOptions &
  Pick<HelperOptions, 'timeoutMs' | 'platform'> & {
    readonly logger: Logger;
    /** Hears of every secret found, so that none reaches the log. */
    readonly onSecret?: ((secret: string) => void) | undefined;
  };

/**
 * Looks for credentials in docker's and podman's config files and asks the helpers they name. Files are looked at each
 * time and read when they have changed; what a helper answered is kept until a file changes or its credential is
 * refused. Nothing is ever written.
 */
export function createConfigCredentials(options: Options): ConfigCredentials {
  const reader = createConfigReader(options.logger);
  const places = configPlaces(options);
  const helpers = createHelperDesk(options);
  const renewals = createRenewals(options.onSecret);

  const readPlaces = (isAnew = false): Promise<readonly ReadPlace[]> =>
    Promise.all(places.map(async (place) => ({ place, content: await reader.read(place, isAnew) })));

  const look = async ({ host, repository, stale = false, signal }: Ask): Promise<LookUp> => {
    const read = await readPlaces(stale);
    helpers.noteFiles(read);
    const found = await lookUp(read, {
      host,
      repository,
      ask: (question) => helpers.ask({ ...question, signal }, stale),
    });
    const { credential } = found;
    if (credential !== undefined) options.onSecret?.(credential.secret);
    return { ...found, credential: renewals.apply(credential, stale) };
  };

  return {
    readPlaces: () => readPlaces(),
    lookUp: look,
    sourceOf: (host) => ({
      find: async (ask) => {
        const { credential, why } = await look({ ...ask, host });
        options.logger.log('debug', 'credentials.looked-up', { host, repository: ask.repository, why });
        return { why, ...(credential === undefined ? {} : { credential }) };
      },
    }),
  };
}

/** Asks each helper once for a server at a time, and keeps its answer while the files stay the same. */
function createHelperDesk(options: HelperOptions) {
  const answers = new Map<string, RegistryCredential | undefined>();
  const flights = createSingleFlight<RegistryCredential | undefined>();
  let contents: ReadonlyArray<ReadPlace['content']> = [];

  return {
    /** The reader gives the same object for the same content. */
    noteFiles: (read: readonly ReadPlace[]): void => {
      const isSame = read.every(({ content }, index) => {
        const before = contents[index];
        return content === before || (content.kind !== 'read' && before?.kind !== 'read');
      });
      contents = read.map(({ content }) => content);
      if (!isSame) answers.clear();
    },
    ask: async (question: HelperQuestion, isAnew: boolean): Promise<RegistryCredential | undefined> => {
      const key = JSON.stringify([question.helper, question.serverUrl]);
      if (!isAnew && answers.has(key)) return answers.get(key);
      const work = (signal: AbortSignal) => askHelper({ ...question, signal }, options);
      const answer = await flights.run(key, work, question.signal);
      answers.set(key, answer);
      return answer;
    },
  };
}

/**
 * An identity token that a token server has replaced is kept for as long as we run. The files are not ours to write:
 * when the old token is refused at the next start, the tool that made the file has to sign in again.
 */
function createRenewals(onSecret: Options['onSecret']) {
  const renewed = new Map<string, string>();
  return {
    apply: (credential: RegistryCredential | undefined, isAnew: boolean): RegistryCredential | undefined => {
      if (credential?.kind !== 'identity') return credential;
      const original = credential.secret;
      if (isAnew) renewed.delete(original);
      return {
        kind: 'identity',
        secret: renewed.get(original) ?? original,
        onRenewed: (secret) => {
          onSecret?.(secret);
          renewed.set(original, secret);
        },
      };
    },
  };
}
