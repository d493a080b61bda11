import { lazy, Suspense } from 'react';
import { useLocation } from 'react-router';
import { parsePath } from '../lib/paths.ts';
import { useIsDockShown } from '../queries/transfers.ts';
import { useSaves } from '../state/saves.ts';
import { PaneBoundary } from './pane-boundary.tsx';
import { StatusBar } from './status-bar.tsx';
import css from './window.module.css';

// Loaded when it is first shown: nothing moves before somebody has started something.
const TransferDock = lazy(async () => ({
  default: (await import('../features/transfers/transfer-dock.tsx')).TransferDock,
}));
const SaveStrip = lazy(async () => ({ default: (await import('../features/saves/save-strip.tsx')).SaveStrip }));

/** The foot of the window: what is being moved, and facts about the whole. */
export function Footer() {
  const isTransfersPage = parsePath(useLocation().pathname).kind === 'transfers';
  const isDockShown = useIsDockShown(isTransfersPage);
  const hasSaves = useSaves(({ saves }) => saves.length > 0);
  return (
    <footer className={css['footer']} data-pane>
      {hasSaves && (
        <PaneBoundary name="The list of saved files">
          <Suspense>
            <SaveStrip />
          </Suspense>
        </PaneBoundary>
      )}
      {isDockShown && (
        <PaneBoundary name="The list of transfers">
          <Suspense>
            <TransferDock />
          </Suspense>
        </PaneBoundary>
      )}
      <StatusBar hasTransfersLink={!isDockShown && !isTransfersPage} />
    </footer>
  );
}
