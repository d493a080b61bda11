import type { NamePage } from '../registry-client.ts';
import type { HttpResponse } from '../transport/http.ts';
import type { RequestTrace } from '../transport/registry-error.ts';
import type { RemoteContext } from './context.ts';
import { listPage } from './page.ts';

/** How one list of names is asked for and read. */
type NameList = {
  readonly firstPath: string;
  readonly wholePath: string;
  fetch(path: string): Promise<HttpResponse>;
  /** The names in a body. @throws {RegistryError} `protocol{bad-shape}` */
  names(body: unknown, trace: RequestTrace): readonly unknown[];
  isName(text: string): boolean;
  readonly what: string;
};

/** One page of repositories or tags. What is no valid name is left out and counted (SECURITY-CASES N01, P06). */
export async function listNames(list: NameList, context: RemoteContext, cursor: string | undefined): Promise<NamePage> {
  const kind = {
    ...list,
    keyOf: (name: string) => name,
    read: (body: unknown, { trace }: { readonly trace: RequestTrace }) => {
      const listed = list.names(body, trace);
      const valid = listed.filter((name) => typeof name === 'string').filter((name) => list.isName(name));
      return { items: valid, droppedCount: listed.length - valid.length };
    },
  };
  const { items, warnings, ...rest } = await listPage<string>(kind, context, cursor);
  return { ...rest, names: items, ...(warnings.length === 0 ? {} : { warnings }) };
}
