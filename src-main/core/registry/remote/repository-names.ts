import type { NamePage, RegistryConnection } from '../registry-client.ts';
import { checkedRepository } from './context.ts';
import { readRepositoryPrefix } from './endpoint.ts';

/** Between the names a person sees and the names the registry knows, which a mirror keeps below a path of its own. */
export type RepositoryNames = {
  /** A call with the repository's name at the registry. @throws {InvalidInputError} */
  within<Call extends { readonly repository: string }>(call: Call): Call;
  /** A page of the catalog with what is below the prefix only; it may be empty and not the last. */
  below(page: NamePage): NamePage;
};

/** @throws {InvalidInputError} `repositoryPrefix` */
export function createRepositoryNames({ repositoryPrefix = '' }: RegistryConnection): RepositoryNames {
  const prefix = readRepositoryPrefix(repositoryPrefix);
  if (prefix === '') return { within: (call) => call, below: (page) => page };
  const start = `${prefix}/`;
  return {
    within: (call) => ({ ...call, repository: checkedRepository(`${start}${checkedRepository(call.repository)}`) }),
    below: (page) => ({
      ...page,
      names: page.names.filter((name) => name.startsWith(start)).map((name) => name.slice(start.length)),
    }),
  };
}
