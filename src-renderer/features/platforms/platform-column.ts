import type { AppError } from '#shared/api/app-error.ts';
import type { IndexChild, SingleImageView } from '#shared/api/images.ts';

/** A platform of the index with what is known of it so far. */
export type PlatformColumn = {
  readonly child: IndexChild;
  readonly image: SingleImageView | undefined;
  readonly error: AppError | undefined;
  readonly retry: () => void;
};
