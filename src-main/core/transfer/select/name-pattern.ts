import { type Digest, digestHex } from '#shared/oci/digest.ts';
import { isRepositoryName, isTag } from '#shared/oci/reference.ts';
import { TransferError } from '../transfer-error.ts';

/** What a source is called, as far as patterns use it. Of an archive's image these come from its name there, if any. */
export type SourceName = { readonly registry?: string; readonly repository?: string; readonly tag?: string };

type Values = SourceName & { readonly digest: Digest | undefined };

const PLACEHOLDER = /\{(repository|name|registry|tag|digest)\}/g;

/** True when the name cannot be known before the source's digest is. */
export function needsDigest(pattern: string): boolean {
  return pattern.includes('{digest}');
}

/** The repository a pattern gives. @throws {TransferError} `bad-name` when no registry would take it */
export function repositoryFrom(pattern: string, values: Values): string {
  const repository = fill(pattern, values).replace(/^\/+|\/+$/g, '');
  if (!isRepositoryName(repository)) throw new TransferError('bad-name', repository === '' ? pattern : repository);
  return repository;
}

/** The tag a pattern gives; undefined when it gives nothing: by digest only. @throws {TransferError} `bad-name` */
export function tagFrom(pattern: string, values: Values): string | undefined {
  const tag = fill(pattern, values);
  if (tag === '') return undefined;
  if (!isTag(tag)) throw new TransferError('bad-name', tag);
  return tag;
}

/** In one pass: what a value holds is not looked through for placeholders. */
function fill(pattern: string, { repository = '', registry = '', tag = '', digest }: Values): string {
  const values: Readonly<Record<string, string>> = {
    repository,
    name: repository.slice(repository.lastIndexOf('/') + 1),
    registry: registry.replaceAll(':', '-'),
    tag,
    digest: digest === undefined ? '' : digestHex(digest),
  };
  return pattern.replace(PLACEHOLDER, (_match, name: string) => values[name] ?? '');
}
