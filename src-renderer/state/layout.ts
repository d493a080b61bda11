import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export const TREE_WIDTH = { min: 180, max: 560, initial: 272 } as const;
export const INSPECTOR_WIDTH = { min: 240, max: 640, initial: 320 } as const;
export const PREVIEW_WIDTH = { min: 240, max: 900, initial: 400 } as const;
/** Below this the inspector lies over the main pane, and starts hidden. */
export const NARROW_BELOW = 1100;

type LayoutState = {
  readonly treeWidth: number;
  readonly inspectorWidth: number;
  /** Of the pane beside a list of files. */
  readonly previewWidth: number;
  readonly treeShown: boolean;
  readonly inspectorShown: boolean;
  /** The same for a narrow window, where it is not remembered. */
  readonly overlayShown: boolean;
  readonly setTreeWidth: (width: number) => void;
  readonly setInspectorWidth: (width: number) => void;
  readonly setPreviewWidth: (width: number) => void;
  readonly toggleTree: () => void;
  readonly toggleInspector: () => void;
  readonly setOverlayShown: (shown: boolean) => void;
};

export const useLayout = create<LayoutState>()(
  persist(
    (set) => ({
      treeWidth: TREE_WIDTH.initial,
      inspectorWidth: INSPECTOR_WIDTH.initial,
      previewWidth: PREVIEW_WIDTH.initial,
      treeShown: true,
      inspectorShown: true,
      overlayShown: false,
      setTreeWidth: (treeWidth) => {
        set({ treeWidth });
      },
      setInspectorWidth: (inspectorWidth) => {
        set({ inspectorWidth });
      },
      setPreviewWidth: (previewWidth) => {
        set({ previewWidth });
      },
      toggleTree: () => {
        set(({ treeShown }) => ({ treeShown: !treeShown }));
      },
      toggleInspector: () => {
        set(({ inspectorShown }) => ({ inspectorShown: !inspectorShown }));
      },
      setOverlayShown: (overlayShown) => {
        set({ overlayShown });
      },
    }),
    {
      name: 'gantry.layout',
      version: 1,
      partialize: ({ treeWidth, inspectorWidth, previewWidth, treeShown, inspectorShown }) => ({
        treeWidth,
        inspectorWidth,
        previewWidth,
        treeShown,
        inspectorShown,
      }),
    },
  ),
);
