import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { CommandTool } from '../lib/command-types.ts';

type ChoicesState = {
  /** The tool whose commands are shown; undefined until a person chose one. */
  readonly tool: CommandTool | undefined;
  /** The platform looked at last, as text: the next index opens on it. */
  readonly platform: string | undefined;
  readonly setTool: (tool: CommandTool) => void;
  readonly setPlatform: (platform: string | undefined) => void;
};

/** Small choices that are remembered on this machine. */
export const useChoices = create<ChoicesState>()(
  persist(
    (set) => ({
      tool: undefined,
      platform: undefined,
      setTool: (tool) => {
        set({ tool });
      },
      setPlatform: (platform) => {
        set({ platform });
      },
    }),
    { name: 'gantry.choices', version: 1, partialize: ({ tool, platform }) => ({ tool, platform }) },
  ),
);
