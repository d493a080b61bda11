import { LRUCache } from 'lru-cache';
import type { CredentialSource, RegistryClient, RegistryConnection } from '../registry/registry-client.ts';
import { createPersonNames } from './identity.ts';

type Options = {
  readonly connection: RegistryConnection;
  readonly source: CredentialSource;
  /** A client of its own for one person; for `undefined` one that remembers nothing. */
  readonly make: (connection: RegistryConnection, person: string | undefined) => RegistryClient;
};

type Call = { readonly repository?: string; readonly signal?: AbortSignal };

const MAX_REPOSITORIES = 1000;
const MAX_PERSONS = 20;

/**
 * One client for everybody whom docker's and podman's config name, in which nobody sees what another has seen: the
 * config is looked at before each call, and each person has a client with a memory of its own. One whose credential
 * turns out to be another's by now is closed, and so keeps nothing more. When the config cannot be looked through, the
 * registry is asked without any memory.
 */
export function createPerPersonClient({ connection, source, make }: Options): RegistryClient {
  const names = createPersonNames();
  const persons = new LRUCache<string, RegistryClient>({ max: MAX_PERSONS, dispose: (client) => void client.close() });
  const assigned = new LRUCache<string, string>({ max: MAX_REPOSITORIES });
  const nobody = make(connection, undefined);

  /** The source as one person's client asks it. That it asks for the registry as a whole, too, proves nothing. */
  const watched = (person: string): CredentialSource => ({
    find: async (ask) => {
      const found = names.following(await source.find(ask));
      const isOther = names.nameOf(found.credential) !== person;
      if (isOther && assigned.get(keyOf(ask.repository)) === person) persons.delete(person);
      return found;
    },
  });
  const clientOf = (person: string): RegistryClient => {
    const client = persons.get(person) ?? make({ ...connection, credentialSource: watched(person) }, person);
    if (!persons.has(person)) persons.set(person, client);
    return client;
  };
  const choose = async ({ repository: name, signal }: Call = {}): Promise<RegistryClient> => {
    const prefix = connection.repositoryPrefix ?? '';
    const repository = name === undefined || prefix === '' ? name : `${prefix}/${name}`;
    try {
      const { credential } = await source.find({ repository, signal });
      const person = names.nameOf(credential);
      const before = assigned.get(keyOf(repository));
      // Its session may go on for minutes with what it found for this repository before.
      if (before !== undefined && before !== person) persons.delete(before);
      assigned.set(keyOf(repository), person);
      return clientOf(person);
    } catch {
      return nobody;
    }
  };

  return {
    connection,
    presence: nobody.presence,
    ping: async (call) => (await choose(call)).ping(call),
    listRepositories: async (call) => (await choose(call)).listRepositories(call),
    listTags: async (call) => (await choose(call)).listTags(call),
    headManifest: async (call) => (await choose(call)).headManifest(call),
    getManifest: async (call) => (await choose(call)).getManifest(call),
    getBlob: async (call) => (await choose(call)).getBlob(call),
    openBlob: async (call) => (await choose(call)).openBlob(call),
    openBlobAt: async (call) => (await choose(call)).openBlobAt(call),
    headBlob: async (call) => (await choose(call)).headBlob(call),
    pushBlob: async (call) => (await choose(call)).pushBlob(call),
    cancelUpload: async (call) => (await choose(call)).cancelUpload(call),
    pushManifest: async (call) => (await choose(call)).pushManifest(call),
    addReferrer: async (call) => (await choose(call)).addReferrer(call),
    listReferrers: async (call) => (await choose(call)).listReferrers(call),
    close: async () => {
      const clients = [nobody, ...persons.values()];
      await Promise.all(clients.map((client) => client.close()));
      persons.clear();
    },
  };
}

/** No repository's name begins with a space. */
function keyOf(repository: string | undefined): string {
  return repository ?? ' ';
}
