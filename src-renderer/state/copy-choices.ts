import { z } from 'zod';
import { create } from 'zustand';
import { persist } from 'zustand/middleware';

/** What was chosen the last time something was copied to a registry. */
const choicesSchema = z.object({
  repository: z.string().max(512),
  tag: z.string().max(256),
  referrers: z.boolean(),
  foreignLayers: z.enum(['skip', 'include']),
  conflict: z.enum(['ask', 'skip', 'overwrite', 'rename']),
  missingOnly: z.boolean(),
});
export type CopyChoices = Readonly<z.infer<typeof choicesSchema>>;

export const FIRST_CHOICES: CopyChoices = {
  repository: '{repository}',
  tag: '{tag}',
  referrers: true,
  foreignLayers: 'skip',
  conflict: 'ask',
  missingOnly: false,
};

const storedSchema = z.object({
  lastRegistryId: z.string().max(64).optional(),
  byRegistry: z.record(z.string().max(64), choicesSchema),
});

type CopyChoicesState = {
  readonly lastRegistryId: string | undefined;
  readonly byRegistry: Readonly<Record<string, CopyChoices>>;
  readonly remember: (registryId: string, choices: CopyChoices) => void;
};

/** Remembered on this machine for each destination. */
export const useCopyChoices = create<CopyChoicesState>()(
  persist(
    (set) => ({
      lastRegistryId: undefined,
      byRegistry: {},
      remember: (registryId, choices) => {
        set(({ byRegistry }) => ({ lastRegistryId: registryId, byRegistry: { ...byRegistry, [registryId]: choices } }));
      },
    }),
    {
      name: 'gantry.copy-choices',
      version: 1,
      partialize: ({ lastRegistryId, byRegistry }) => ({ lastRegistryId, byRegistry }),
      merge: (stored, initial) => {
        const { success, data } = storedSchema.safeParse(stored);
        return success ? { ...initial, lastRegistryId: data.lastRegistryId, byRegistry: data.byRegistry } : initial;
      },
    },
  ),
);
