import type { Digest } from '#shared/oci/digest.ts';
import type { NodeKind } from '../content/manifest-node.ts';
import type { EndRef, ManifestBytes } from '../ends.ts';
import type { SourceName } from '../select/name-pattern.ts';
import type { TagFilter } from '../select/tag-filter.ts';

/** What is to be moved. `text` is what a person calls it. */
export type PlanItem =
  | {
      readonly kind: 'image';
      readonly source: EndRef;
      /** A tag or digest; of an archive a digest. */
      readonly reference: string;
      readonly name: SourceName;
      readonly text: string;
    }
  | {
      readonly kind: 'repository';
      readonly source: EndRef;
      readonly name: SourceName;
      readonly text: string;
      readonly filter: TagFilter;
      /** The repository's tags, page by page. */
      readonly listTags: (signal: AbortSignal) => AsyncIterable<readonly string[]>;
    };

/** Where to. `text` stands before repository and tag: a host. */
export type PlanTarget =
  | {
      readonly kind: 'registry';
      readonly registryId: string;
      readonly text: string;
      /** Patterns, see `select/name-pattern.ts`. */
      readonly repository: string;
      readonly tag: string;
    }
  /** One file or folder that takes all. */
  | { readonly kind: 'file'; readonly ref: EndRef; readonly text: string };

export type ConflictPolicy = 'ask' | 'skip' | 'overwrite' | 'rename';

export type PlanOptions = {
  readonly platforms: readonly string[];
  readonly referrers: boolean;
  readonly foreignLayers: 'skip' | 'include';
  readonly conflict: ConflictPolicy;
  readonly missingOnly: boolean;
};

/** One image to copy, before anything was looked at. */
export type ExpandedRow = {
  readonly rowId: string;
  readonly source: EndRef;
  readonly sourceText: string;
  readonly reference: string;
  readonly name: SourceName;
};

export type PlanBlobState = 'present' | 'mountable' | 'absent';

export type PlanBlob = {
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly mediaType: string;
  readonly role: 'config' | 'layer' | 'referrer' | 'blob';
  readonly state: PlanBlobState;
};

/** A manifest to write; `tag` for what is found by that only. `isThere`: the destination had it at plan time. */
export type ManifestStep = { readonly digest: Digest; readonly tag?: string; readonly isThere: boolean };

/** All that is needed to copy one image, as plain data: what a journal keeps. Manifests are kept beside it by digest. */
export type RowRecipe = {
  readonly source: EndRef;
  readonly destination: EndRef;
  readonly sourceDigest: Digest;
  /** What was asked for at the source, where that can move on: its tag. */
  readonly sourceTag?: string;
  readonly resultDigest: Digest;
  /** Of a registry a tag; of a file what the image is called there. Absent: by digest only. */
  readonly tag?: string;
  /** What the tag held when the plan was made; absent when there was none. Anything else later is a conflict. */
  readonly expected?: Digest;
  /** The person has said that whatever is there may go. */
  readonly force: boolean;
  /** Below the root, children first. */
  readonly children: readonly ManifestStep[];
  /** With what hangs on them, children first. */
  readonly referrers: readonly ManifestStep[];
  /** Tags of signatures that hold something else at the destination, and stay as they are there. */
  readonly keptTags: readonly string[];
  /** Every blob that has to be at the destination. */
  readonly blobs: readonly Digest[];
};

export type RowPlanState =
  | { readonly kind: 'ready' }
  | { readonly kind: 'up-to-date' }
  | { readonly kind: 'conflict'; readonly existingDigest: Digest; readonly renameTo?: string }
  | { readonly kind: 'skipped'; readonly reason: 'missing-only' | 'conflict' }
  | { readonly kind: 'failed'; readonly error: unknown };

export type PlannedRow = {
  readonly rowId: string;
  readonly source: string;
  readonly destination: string;
  readonly sourceDigest?: Digest;
  readonly resultDigest?: Digest;
  readonly kind?: NodeKind;
  readonly platforms: readonly string[];
  readonly manifestCount: number;
  readonly referrerCount: number;
  readonly bytesTotal: number;
  readonly bytesToSend: number;
  readonly bytesPresent: number;
  readonly bytesMountable: number;
  readonly foreignLayerCount: number;
  readonly state: RowPlanState;
  /** Present for rows that could be run: `ready` and `conflict`. */
  readonly recipe?: RowRecipe;
};

/** A finished plan: rows, and what they need. */
export type Plan = {
  readonly planId: string;
  readonly rows: readonly PlannedRow[];
  readonly manifests: ReadonlyMap<Digest, ManifestBytes>;
  /** By the key of the destination's place (`placeKey`). */
  readonly blobs: ReadonlyMap<string, ReadonlyMap<Digest, PlanBlob>>;
  readonly options: PlanOptions;
  readonly target: PlanTarget;
  readonly sources: readonly string[];
  /** Ids of the files that are read, each once: held for the plan, and for the job that comes of it. */
  readonly fileSources: readonly string[];
};

/** The files among the sources of some items, each once. */
export function fileSourcesOf(items: readonly PlanItem[]): readonly string[] {
  return [...new Set(items.flatMap(({ source }) => (source.kind === 'file' ? [source.id] : [])))];
}

/** One text for one end, to keep things by. */
export function placeKey(ref: EndRef): string {
  return ref.kind === 'file' ? `file ${ref.id}` : `registry ${ref.registryId} ${ref.repository}`;
}
