import type { SingleImageView } from '#shared/api/images.ts';
import type { RawSource } from './raw-sources.ts';

/** Where a document stands, so that its digests can lead somewhere. */
export type RawViewerPlace = {
  readonly registryId: string;
  readonly repository: string;
  readonly source: RawSource;
  readonly sources: readonly { readonly value: RawSource['id']; readonly label: string }[];
  readonly onSource: (id: RawSource['id']) => void;
  /** The image shown, whose layers its digests name. */
  readonly image: SingleImageView | undefined;
};
