import type { Digest } from '#shared/oci/digest.ts';
import type { EndRef } from '../ends.ts';
import { needsDigest, repositoryFrom, type SourceName, tagFrom } from '../select/name-pattern.ts';
import { TransferError } from '../transfer-error.ts';
import { placeKey, type PlanTarget } from './plan-types.ts';

/** Where one row goes. */
export type RowNames = {
  readonly destination: EndRef;
  /** Of a registry a tag, of a file the image's name there; absent: by digest only. */
  readonly tag?: string;
};

/** True when `namesOf` needs the source's digest. */
export function waitsForDigest(target: PlanTarget): boolean {
  return target.kind === 'registry' && (needsDigest(target.repository) || needsDigest(target.tag));
}

/** True when all tags of one repository go to one repository. */
export function isOneRepository({ repository }: Extract<PlanTarget, { kind: 'registry' }>): boolean {
  return !needsDigest(repository) && !repository.includes('{tag}');
}

/** @throws {TransferError} `bad-name` */
export function namesOf(target: PlanTarget, name: SourceName, digest: Digest | undefined): RowNames {
  if (target.kind === 'file') {
    const tag = nameInFile(name);
    return { destination: target.ref, ...(tag === undefined ? {} : { tag }) };
  }
  const values = { ...name, digest };
  const repository = repositoryFrom(target.repository, values);
  const tag = tagFrom(target.tag, values);
  const { registryId } = target;
  return { destination: { kind: 'registry', registryId, repository }, ...(tag === undefined ? {} : { tag }) };
}

/** `registry.example.com/team/app:1.2`, for a person; a file by its own name, with the image's name in it. */
export function destinationText(target: PlanTarget, { destination, tag }: RowNames): string {
  if (destination.kind === 'file') return tag === undefined ? target.text : `${target.text} (${tag})`;
  const name = `${target.text}/${destination.repository}`;
  return tag === undefined ? name : `${name}:${tag}`;
}

/** What an image is called in a file: its whole name, so that images of several repositories stay apart. */
function nameInFile({ registry, repository, tag }: SourceName): string | undefined {
  if (repository === undefined || tag === undefined) return undefined;
  return registry === undefined ? `${repository}:${tag}` : `${registry}/${repository}:${tag}`;
}

/** Which tags of which places the rows of a plan write: nobody writes what another does. */
export type TagClaims = {
  /** @throws {TransferError} `same-destination` */
  claim(names: RowNames): void;
  isClaimed(names: RowNames): boolean;
};

export function createTagClaims(): TagClaims {
  const claimed = new Set<string>();
  const keyOf = ({ destination, tag = '' }: RowNames) => `${placeKey(destination)} ${tag}`;
  return {
    claim: (names) => {
      if (names.tag === undefined) return;
      const key = keyOf(names);
      if (claimed.has(key)) throw new TransferError('same-destination', names.tag);
      claimed.add(key);
    },
    isClaimed: (names) => names.tag !== undefined && claimed.has(keyOf(names)),
  };
}
