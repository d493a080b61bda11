/** What each sample repository of the Local registry is there to show. */
export const SAMPLE_NOTES: Partial<Record<string, string>> = {
  'samples/artifact': 'Files without an image',
  'samples/attested': 'Provenance, SBOM and signature',
  'samples/docker-schema2': 'The older Docker format',
  'samples/hello-multiarch': 'One image, several platforms',
  'samples/many-tags': 'Sixty tags and their order',
  'samples/missing-history': 'Layers nobody described',
  'samples/nested-index': 'An index of indexes',
  'samples/odd-text': 'Names that try to mislead',
  'samples/team/web/api': 'Releases of a service',
  'samples/whiteouts': 'Files deleted by later layers',
  'samples/zstd': 'Layers compressed with zstd',
};
