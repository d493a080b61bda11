import type { Descriptor } from '#shared/oci/descriptor.ts';
import { manifestKind } from '#shared/oci/media-type.ts';
import { parseDescriptor } from '#shared/oci/parse-descriptor.ts';

/** What a descriptor is to the document it stands in, which decides where a click on its digest leads. */
export type FoundDescriptor = {
  readonly descriptor: Descriptor;
  readonly role: 'manifest' | 'config' | 'blob';
};

/** Deep enough for every manifest there is; a hostile depth ends the walk, not the page. */
const MAX_DEPTH = 64;

function roleOf({ mediaType }: Descriptor, key: string): FoundDescriptor['role'] {
  if (key === 'config') return 'config';
  return key === 'subject' || key === 'manifests' || manifestKind(mediaType) !== undefined ? 'manifest' : 'blob';
}

function tryDescriptor(value: object): Descriptor | undefined {
  if (!('digest' in value && 'mediaType' in value && 'size' in value)) return undefined;
  try {
    return parseDescriptor(value, 'document');
  } catch {
    return undefined;
  }
}

function walk(value: unknown, key: string, depth: number, found: Map<string, FoundDescriptor>): void {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return;
  const descriptor = Array.isArray(value) ? undefined : tryDescriptor(value);
  if (descriptor !== undefined && !found.has(descriptor.digest)) {
    found.set(descriptor.digest, { descriptor, role: roleOf(descriptor, key) });
  }
  for (const [name, child] of Object.entries(value)) walk(child, Array.isArray(value) ? key : name, depth + 1, found);
}

/** Every descriptor in a JSON document, by digest. Empty for text that is not JSON. */
export function findDescriptors(text: string): ReadonlyMap<string, FoundDescriptor> {
  const found = new Map<string, FoundDescriptor>();
  try {
    walk(JSON.parse(text), '', 0, found);
  } catch {
    // Not JSON: there is nothing to link, and the page shows the text as it is.
  }
  return found;
}
