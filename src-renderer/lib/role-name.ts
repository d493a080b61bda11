import type { IndexChild } from '#shared/api/images.ts';

const NAMES: Readonly<Record<IndexChild['role'], string>> = {
  platform: 'Image',
  index: 'Nested index',
  attestation: 'Attestation without its subject',
  artifact: 'Artifact',
  unknown: 'Unknown kind',
};

/** What a child is to its index, in words. */
export function roleName(role: IndexChild['role']): string {
  return NAMES[role];
}
