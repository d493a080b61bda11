import { attested } from './attested.ts';
import { helloMultiarch } from './hello-multiarch.ts';
import { oddText } from './odd-text.ts';
import type { Sample } from './sample.ts';
import { manyTags, teamWebApi } from './services.ts';
import { artifact, dockerSchema2, missingHistory, nestedIndex, zstd } from './shapes.ts';
import { whiteouts } from './whiteouts.ts';

/** Every sample repository. Building one again gives the same digests. */
export const SAMPLES: readonly Sample[] = [
  helloMultiarch,
  attested,
  teamWebApi,
  nestedIndex,
  artifact,
  dockerSchema2,
  missingHistory,
  whiteouts,
  zstd,
  oddText,
  manyTags,
];
