import type { JsonKey } from './json.ts';
import { createKeyChecker, KEY_CHECK_DEPTH } from './key-check.ts';

const DESCRIPTOR_KEYS = ['mediaType', 'digest', 'size', 'urls', 'data', 'artifactType', 'platform', 'annotations'];
/** As deep as the check of a manifest wants keys reported. */
export const MANIFEST_KEY_DEPTH: number = KEY_CHECK_DEPTH;

/** A check of one manifest for `scanJson`; throws `OciError` of kind `ambiguous` (SECURITY-CASES M05). */
export const createKeyCheck: () => (key: JsonKey) => void = createKeyChecker({
  root: [
    'schemaVersion',
    'mediaType',
    'artifactType',
    'config',
    'layers',
    'manifests',
    'blobs',
    'subject',
    'annotations',
    'fsLayers',
    'history',
    'signatures',
    'name',
    'tag',
    'architecture',
  ],
  below: [
    { under: ['config', 'subject'], depth: 2, names: DESCRIPTOR_KEYS },
    { under: ['layers', 'manifests', 'blobs'], depth: 3, names: DESCRIPTOR_KEYS },
  ],
});
