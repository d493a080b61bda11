import { displayText } from '#shared/oci/display-text.ts';
import { Suspense, useEffect } from 'react';
import { Outlet, useLocation } from 'react-router';
import { RegistryTree } from '../features/registry-tree/registry-tree.tsx';
import { newsText } from '../lib/transfer-text.ts';
import { useChanges } from '../queries/changes.ts';
import { useWatchTransfers } from '../queries/transfers.ts';
import { useDialogs } from '../state/dialogs.ts';
import { TREE_WIDTH, useLayout } from '../state/layout.ts';
import { useTransfersView } from '../state/transfers-view.ts';
import { announce } from '../ui/announcer.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { SplitHandle } from '../ui/split-handle.tsx';
import { Dialogs } from './dialogs.tsx';
import { DragLayer } from './drag-layer.tsx';
import { Footer } from './footer.tsx';
import { InspectorPane } from './inspector-pane.tsx';
import { Notices } from './notices.tsx';
import { PaneBoundary } from './pane-boundary.tsx';
import { TabBar } from './tab-bar.tsx';
import { useTabTitles } from './tab-title.tsx';
import { TitleBar } from './title-bar.tsx';
import { useFollowAddress } from './use-follow-address.ts';
import { useShortcuts } from './use-shortcuts.ts';
import { useTheme } from './use-theme.ts';
import css from './window.module.css';

function TreePane() {
  const { treeShown, treeWidth, setTreeWidth, toggleTree } = useLayout();
  if (!treeShown) return null;
  return (
    <>
      <nav id="tree" aria-label="Registries" className={css['tree']} style={{ width: treeWidth }} data-pane>
        <PaneBoundary name="The tree">
          <RegistryTree />
        </PaneBoundary>
      </nav>
      <SplitHandle
        label="registry tree"
        controls="tree"
        width={treeWidth}
        min={TREE_WIDTH.min}
        max={TREE_WIDTH.max}
        pane="before"
        onResize={setTreeWidth}
        onToggle={toggleTree}
      />
    </>
  );
}

function MainPane() {
  const { pathname } = useLocation();
  return (
    <div className={css['main']}>
      <TabBar />
      <main id="main" className={css['page']} tabIndex={-1} data-pane>
        <PaneBoundary name="This page" resetKey={pathname}>
          <Suspense
            fallback={
              <div className={css['loading']}>
                <Spinner label="Loading" />
              </div>
            }
          >
            <Outlet />
          </Suspense>
        </PaneBoundary>
      </main>
    </div>
  );
}

function DialogZone() {
  const kind = useDialogs((state) => state.dialog.kind);
  return (
    <PaneBoundary name="The dialog" resetKey={kind}>
      <Dialogs />
    </PaneBoundary>
  );
}

function useDocumentTitle(): void {
  const { pathname } = useLocation();
  const title = useTabTitles()(pathname).full;
  useEffect(() => {
    document.title = `${displayText(title)} · Gantry`;
  }, [title]);
}

/** Says aloud what has come of transfers, wherever one is in the window. */
function useTransferNews(): void {
  const addUnseen = useTransfersView((state) => state.addUnseen);
  useWatchTransfers((news) => {
    if (news.length === 0) return;
    announce(news.map(newsText).join('. '));
    addUnseen(news.map(({ transfer }) => transfer.transferId));
  });
}

/** The window: toolbar, three zones, transfers, status bar. */
export function Window() {
  useTheme();
  useChanges();
  useTransferNews();
  useFollowAddress();
  useShortcuts();
  useDocumentTitle();
  return (
    <div className={css['window']}>
      <a className={css['skip']} href="#main" onClick={skipToMain}>
        Skip to content
      </a>
      <TitleBar />
      <Notices />
      <div className={css['zones']}>
        <TreePane />
        <MainPane />
        <InspectorPane />
      </div>
      <Footer />
      <DialogZone />
      <DragLayer />
    </div>
  );
}

/** The hash is the route, so the link moves the focus by hand. */
function skipToMain(event: { preventDefault: () => void }): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}
