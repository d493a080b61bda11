export type ManifestKind = 'index' | 'image' | 'artifact' | 'schema1' | 'unknown';

const NAMES: Readonly<Record<ManifestKind, string>> = {
  index: 'Index',
  image: 'Image',
  artifact: 'Artifact',
  schema1: 'Schema 1',
  unknown: 'Unknown',
};

export function kindName(kind: ManifestKind): string {
  return NAMES[kind];
}
