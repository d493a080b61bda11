import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Digest } from '#shared/oci/digest.ts';
import { digestAlgorithm, digestHex, isDigest } from '#shared/oci/digest.ts';
import { isTag } from '#shared/oci/reference.ts';

/** Where everything lies; the README beside this folder draws the tree. Callers pass checked names only. */
export type Layout = {
  readonly root: string;
  readonly temporaryDir: string;
  readonly uploadsDir: string;
  readonly blobsDir: string;
  readonly repositoriesDir: string;
  readonly portFile: string;
  readonly samplesMarker: string;
  blob(digest: Digest): string;
  repository(name: string): string;
  blobLink(repository: string, digest: Digest): string;
  manifest(repository: string, digest: Digest): string;
  tagsDir(repository: string): string;
  tag(repository: string, tag: string): string;
  referrersDir(repository: string, subject: Digest): string;
  referrer(repository: string, subject: Digest, digest: Digest): string;
};

// Names Windows keeps for devices, with or without an extension.
const DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/;
const PLAIN_TAG = /^[a-z0-9_][a-z0-9._-]*$/;

/**
 * A tag as a file name. Most are themselves. Upper case would collide on the case-insensitive disks of macOS and
 * Windows, and Windows drops a final dot: such tags become `<lower case>=<hash>`, and the file names the tag.
 */
export function tagFileName(tag: string): string {
  if (PLAIN_TAG.test(tag) && !tag.endsWith('.') && !DEVICE.test(tag)) return tag;
  return `${tag.toLowerCase()}=${createHash('sha256').update(tag).digest('hex').slice(0, 16)}`;
}

/** The tag a plain file name stands for; undefined when the file itself must be read, or is not ours. */
export function tagOfFileName(fileName: string): string | undefined {
  return isTag(fileName) && tagFileName(fileName) === fileName ? fileName : undefined;
}

/** One component of a repository name as a folder name. */
export function componentFolder(component: string): string {
  return DEVICE.test(component) ? `=${component}` : component;
}

/** The component a folder stands for. */
export function folderComponent(folder: string): string {
  return folder.startsWith('=') ? folder.slice(1) : folder;
}

/** `sha256-<hex>`, used where one folder holds digests of both algorithms. */
export function flatDigest(digest: Digest): string {
  return `${digestAlgorithm(digest)}-${digestHex(digest)}`;
}

/** The reverse of {@link flatDigest}; undefined for any other text. */
export function fromFlatDigest(text: string): Digest | undefined {
  const digest = text.replace('-', ':');
  return isDigest(digest) ? digest : undefined;
}

const digestPath = (digest: Digest): [string, string] => [digestAlgorithm(digest), digestHex(digest)];

/** The paths of one local registry under `root`. */
export function createLayout(root: string): Layout {
  const repositoriesDir = join(root, 'repositories');
  const repository = (name: string) => join(repositoriesDir, ...name.split('/').map(componentFolder));
  const referrersDir = (name: string, subject: Digest) => join(repository(name), '_referrers', flatDigest(subject));
  return {
    root,
    temporaryDir: join(root, 'tmp'),
    uploadsDir: join(root, 'uploads'),
    blobsDir: join(root, 'blobs'),
    repositoriesDir,
    portFile: join(root, 'port'),
    samplesMarker: join(root, 'samples-seeded'),
    blob: (digest) => join(root, 'blobs', ...digestPath(digest)),
    repository,
    blobLink: (name, digest) => join(repository(name), '_blobs', ...digestPath(digest)),
    manifest: (name, digest) => join(repository(name), '_manifests', ...digestPath(digest)),
    tagsDir: (name) => join(repository(name), '_tags'),
    tag: (name, tag) => join(repository(name), '_tags', tagFileName(tag)),
    referrersDir,
    referrer: (name, subject, digest) => join(referrersDir(name, subject), flatDigest(digest)),
  };
}
