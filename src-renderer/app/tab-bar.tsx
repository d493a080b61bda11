import { useRef, type KeyboardEvent } from 'react';
import { useOpenTabs } from '../state/open-tabs.ts';
import { cx } from '../ui/cx.ts';
import { CloseIcon } from '../ui/icons.ts';
import { SafeText } from '../ui/safe-text.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import css from './tab-bar.module.css';
import { useTabTitles } from './tab-title.tsx';
import { useTabNavigation, type TabNavigation } from './use-tab-navigation.ts';
import { isShortcut } from '../lib/shortcuts.ts';

type TabProps = {
  readonly id: string;
  readonly path: string;
  readonly preview: boolean;
  readonly active: boolean;
  readonly navigation: TabNavigation;
};

function Tab({ id, path, preview, active, navigation }: TabProps) {
  const title = useTabTitles()(path);
  const keep = useOpenTabs((state) => state.keep);
  const { icon: IconPart } = title;
  return (
    <div className={cx(css['slot'], active && css['active'])} role="presentation">
      <Tooltip content={<SafeText text={preview ? `${title.full} (preview: double-click keeps it)` : title.full} />}>
        <button
          type="button"
          role="tab"
          aria-selected={active}
          tabIndex={active ? 0 : -1}
          className={cx(css['tab'], preview && css['preview'])}
          onClick={() => {
            navigation.goTo(path);
          }}
          onDoubleClick={() => {
            keep(id);
          }}
          onAuxClick={(event) => {
            if (event.button === 1) navigation.close(id);
          }}
        >
          <IconPart size={14} aria-hidden />
          <span className={css['text']}>
            <SafeText text={title.text} />
          </span>
        </button>
      </Tooltip>
      <button
        type="button"
        tabIndex={-1}
        aria-hidden
        className={css['close']}
        onClick={() => {
          navigation.close(id);
        }}
      >
        <CloseIcon size={12} aria-hidden />
      </button>
    </div>
  );
}

/** One tab an open thing. Spec: WAI-ARIA APG, "Tabs Pattern" with manual activation; Delete closes. */
export function TabBar() {
  const tabs = useOpenTabs((state) => state.tabs);
  const activeId = useOpenTabs((state) => state.activeId);
  const navigation = useTabNavigation();
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>('[role="tab"]') ?? [])];
    const index = buttons.findIndex((button) => button === document.activeElement);
    const steps: Partial<Record<string, number>> = {
      ArrowLeft: index - 1,
      ArrowRight: index + 1,
      Home: 0,
      End: buttons.length - 1,
    };
    const next = steps[event.key];
    const tab = tabs[index];
    if (next !== undefined) buttons[(next + buttons.length) % buttons.length]?.focus();
    else if (isShortcut(event, 'close-focused-tab') && tab !== undefined) navigation.close(tab.id);
    else return;
    event.preventDefault();
  };
  return (
    <div ref={list} role="tablist" tabIndex={-1} aria-label="Open tabs" className={css['bar']} onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <Tab key={tab.id} {...tab} active={tab.id === activeId} navigation={navigation} />
      ))}
    </div>
  );
}
