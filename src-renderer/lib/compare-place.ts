import { z } from 'zod';
import { isDigest } from '#shared/oci/digest.ts';
import type { ImagePlace } from './paths.ts';

/** One side of a comparison: a tag or digest, and the platform of an index as text. */
export type ComparePoint = {
  readonly registryId: string;
  readonly repository: string;
  readonly reference: string;
  readonly platform?: string | undefined;
};

export type ComparePlace = { readonly left?: ComparePoint | undefined; readonly right?: ComparePoint | undefined };

const pointSchema = z.tuple([z.string().max(64), z.string().max(512), z.string().max(256)]).rest(z.string().max(128));

function readPoint(text: string | null): ComparePoint | undefined {
  try {
    const { data } = pointSchema.safeParse(JSON.parse(text ?? ''));
    if (data === undefined) return undefined;
    const [registryId, repository, reference, platform] = data;
    return { registryId, repository, reference, ...(platform === undefined ? {} : { platform }) };
  } catch {
    return undefined;
  }
}

function writePoint({ registryId, repository, reference, platform }: ComparePoint): string {
  return JSON.stringify([registryId, repository, reference, ...(platform === undefined ? [] : [platform])]);
}

/** The sides in the query of an address; one that cannot be read is not there. */
export function readComparePlace(query: URLSearchParams): ComparePlace {
  return { left: readPoint(query.get('left')), right: readPoint(query.get('right')) };
}

/** The address of a comparison. A side that is missing is asked for on the page. */
export function comparePath({ left, right }: ComparePlace): string {
  const query = new URLSearchParams();
  if (left !== undefined) query.set('left', writePoint(left));
  if (right !== undefined) query.set('right', writePoint(right));
  const text = query.toString();
  return text === '' ? '/compare' : `/compare?${text}`;
}

/** What an image page shows, as a side. */
export function pointOf({ registryId, repository, reference }: ImagePlace, platform: string | undefined): ComparePoint {
  return { registryId, repository, reference, ...(platform === undefined ? {} : { platform }) };
}

/** `team/app:1.2`, for a person. */
export function pointText({ repository, reference }: ComparePoint): string {
  return `${repository}${isDigest(reference) ? '@' : ':'}${reference}`;
}
