import { useNavigate } from 'react-router';
import { welcomePath } from '../lib/paths.ts';
import { close, neighbourOf, reopen } from '../lib/tab-strip.ts';
import { useOpenTabs } from '../state/open-tabs.ts';

export type TabNavigation = {
  readonly goTo: (path: string) => void;
  readonly close: (id: string) => void;
  readonly closeActive: () => void;
  readonly reopen: () => void;
  readonly cycle: (step: number) => void;
  readonly goToIndex: (index: number) => void;
};

/** Tabs change by going somewhere: the strip and the address can never disagree. */
export function useTabNavigation(): TabNavigation {
  const navigate = useNavigate();
  const goTo = (path: string | undefined) => void navigate(path ?? welcomePath());
  const closeTab = (id: string) => {
    const before = useOpenTabs.getState();
    const after = close(before, id);
    before.close(id);
    if (after.activeId !== before.activeId) goTo(after.tabs.find((tab) => tab.id === after.activeId)?.path);
  };
  return {
    goTo,
    close: closeTab,
    closeActive: () => {
      const { activeId } = useOpenTabs.getState();
      if (activeId !== undefined) closeTab(activeId);
    },
    reopen: () => {
      const before = useOpenTabs.getState();
      const after = reopen(before);
      if (after === before) return;
      before.reopen();
      goTo(after.tabs.find((tab) => tab.id === after.activeId)?.path);
    },
    cycle: (step) => {
      const next = neighbourOf(useOpenTabs.getState(), step);
      if (next !== undefined) goTo(next.path);
    },
    goToIndex: (index) => {
      const tab = useOpenTabs.getState().tabs[index];
      if (tab !== undefined) goTo(tab.path);
    },
  };
}
