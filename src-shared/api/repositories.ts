import { z } from 'zod';
import {
  cursorSchema,
  offlineSchema,
  pagingShape,
  registryIdSchema,
  repositoryNameSchema,
  repositoryRefSchema,
  warningSchema,
} from './common.ts';
import { procedure } from './procedure.ts';

export const repositoryPageSchema = z.object({
  repositories: z.array(repositoryNameSchema),
  /** Present: there is more. Absent: the list is whole. */
  nextCursor: cursorSchema.optional(),
  /** Entries of the page that were not repository names and are left out. */
  droppedCount: z.int().nonnegative(),
  warnings: z.array(warningSchema).optional(),
  offline: offlineSchema.optional(),
});

export const repositoriesContract = {
  /** One page of the catalog. @throws unsupported{catalog} when the registry has none for us. */
  list: procedure.input(z.object({ registryId: registryIdSchema, ...pagingShape })).output(repositoryPageSchema),
  /** Repositories a person pinned (favourites), over all registries, in the order pinned. */
  pins: procedure.output(z.array(repositoryRefSchema)),
  pin: procedure.input(repositoryRefSchema).output(z.array(repositoryRefSchema)),
  unpin: procedure.input(repositoryRefSchema).output(z.array(repositoryRefSchema)),
};
