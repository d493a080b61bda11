import { OciError } from './oci-error.ts';
import { parseReference, type Reference } from './reference.ts';
import { DOCKER_HUB } from './registry-host.ts';

const COMMAND = /^(?:docker(?: image)?|podman(?: image)?|nerdctl|crane|oras) +pull +/;
const SCHEME = /^(https?|docker|oci):\/\//;
const HUB_PAGE = /^hub\.docker\.com\/(?:_|r)\/(.+?)(?:\/tags)?$/;
const API_PATH = /^([^/]+)\/v2\/(.+)\/(?:manifests\/([^/]+)|tags\/list)$/;
const MAX_LENGTH = 2048;
const PLAIN = /^[A-Za-z0-9._:/@[\]-]+$/;

/** The text without the scheme and slashes at the end; Hub pages and registry API URLs in reference form. */
function fromUrl(text: string): Reference {
  const address = text.replace(/^https?:\/\//, '').replace(/\/+$/, '');
  const page = HUB_PAGE.exec(address)?.[1];
  if (page !== undefined) return parseReference(`${DOCKER_HUB}/${page}`, { defaultTag: null });
  const [, host, repository, reference] = API_PATH.exec(address) ?? [];
  if (host === undefined || repository === undefined) {
    return parseReference(address, { defaultTag: null, requireRegistry: true });
  }
  const separator = reference?.includes(':') === true ? '@' : ':';
  const suffix = reference === undefined ? '' : `${separator}${reference}`;
  return parseReference(`${host}/${repository}${suffix}`, { defaultTag: null, requireRegistry: true });
}

/** A name before the `@`, with something that is no digest after it: most likely `user:password@host`. */
function hasUserInfo(text: string): boolean {
  const at = text.indexOf('@');
  return at !== -1 && !/^sha(?:256|512):/.test(text.slice(at + 1));
}

/**
 * Reads whatever a person pastes as a reference: `docker pull nginx`, `docker://…`, `oci://…`, `https://ghcr.io/o/app`,
 * a Docker Hub page, a manifest URL. Without a tag in the text none is filled in: the repository is meant. Nothing
 * that a shell would act on gets through, nor a line break, nor `user:password@host`, which the error does not
 * repeat (SECURITY-CASES N04, N05).
 * @throws {OciError} kind `reference-syntax`, or `host-syntax` for the registry part
 */
export function parsePasted(text: string): Reference {
  if (text.length > MAX_LENGTH) throw new OciError('reference-syntax', 'longer than 2048 characters');
  const trimmed = text.replace(/^[ \t]+|[ \t]+$/g, '').replace(COMMAND, '');
  const scheme = SCHEME.exec(trimmed)?.[1];
  const rest = scheme === undefined ? trimmed : trimmed.slice(scheme.length + 3);
  if (hasUserInfo(rest)) throw new OciError('reference-syntax', 'a user name or password does not belong here');
  if (!PLAIN.test(rest)) throw new OciError('reference-syntax', 'holds a character that no reference has', text);
  if (scheme === 'http' || scheme === 'https') return fromUrl(trimmed);
  return parseReference(rest, { defaultTag: null, requireRegistry: scheme === 'oci' });
}
