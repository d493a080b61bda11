import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pairs } from '#shared/oci/descriptor.ts';

export type PublishedLayer = { readonly name: string; readonly bytes: Buffer; readonly annotations: Pairs };

const read = (name: string) => readFileSync(join(import.meta.dirname, name));

/** Layers with a table of contents in them, as other programs packed them. */
export const PUBLISHED_LAYERS: readonly PublishedLayer[] = [
  {
    name: 'eStargz',
    bytes: read('mixed.estargz'),
    annotations: [
      [
        'containerd.io/snapshot/stargz/toc.digest',
        'sha256:a7faf219456f637bd879f4c5ef0cc1ce40ca0f0b9650a306467b94de74db30de',
      ],
    ],
  },
  {
    name: 'zstd:chunked',
    bytes: read('mixed.zstd-chunked'),
    annotations: [
      [
        'io.github.containers.zstd-chunked.manifest-checksum',
        'sha256:3eb1460da3acf7171414278ddda4f2aa1eaa18eeb83e833aefd499f90821f510',
      ],
      ['io.github.containers.zstd-chunked.manifest-position', '8354:492:1688:1'],
    ],
  },
  {
    name: 'zstd:chunked of 2022',
    bytes: read('mixed.zstd-chunked-2022'),
    annotations: [
      [
        'io.containers.zstd-chunked.manifest-checksum',
        'sha256:e68c16f533f3baf24d1416ee6fd59a219a8ad383ebf038f19e19d0030e36ff93',
      ],
      ['io.containers.zstd-chunked.manifest-position', '8135:450:2461:1'],
    ],
  },
];
