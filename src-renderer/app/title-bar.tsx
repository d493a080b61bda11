import { useNavigate } from 'react-router';
import { settingsPath } from '../lib/paths.ts';
import { keysOf } from '../lib/shortcuts.ts';
import { useDialogs } from '../state/dialogs.ts';
import { useLayout } from '../state/layout.ts';
import { IconButton } from '../ui/icon-button.tsx';
import {
  BackIcon,
  CommandIcon,
  ForwardIcon,
  KeyboardIcon,
  PanelLeftIcon,
  PanelRightIcon,
  SettingsIcon,
} from '../ui/icons.ts';
import { AddressBar } from './address-bar.tsx';
import { ThemeMenu } from './theme-menu.tsx';
import css from './window.module.css';
import { useInspectorToggle } from './use-inspector.ts';

export function TitleBar() {
  const navigate = useNavigate();
  const treeShown = useLayout((state) => state.treeShown);
  const toggleTree = useLayout((state) => state.toggleTree);
  const show = useDialogs((state) => state.show);
  const inspector = useInspectorToggle();
  return (
    <header className={css['titleBar']} data-pane>
      <IconButton
        label="Registry tree"
        keys={keysOf('toggle-tree')}
        icon={PanelLeftIcon}
        aria-pressed={treeShown}
        onClick={toggleTree}
      />
      <IconButton label="Back" keys={keysOf('back')} icon={BackIcon} onClick={() => void navigate(-1)} />
      <IconButton label="Forward" keys={keysOf('forward')} icon={ForwardIcon} onClick={() => void navigate(1)} />
      <AddressBar />
      <IconButton
        label="Command palette"
        keys={keysOf('palette')}
        icon={CommandIcon}
        onClick={() => {
          show({ kind: 'palette' });
        }}
      />
      <ThemeMenu />
      <IconButton
        label="Keyboard shortcuts"
        keys={keysOf('shortcuts')}
        icon={KeyboardIcon}
        onClick={() => {
          show({ kind: 'shortcuts' });
        }}
      />
      <IconButton
        label="Settings"
        keys={keysOf('settings')}
        icon={SettingsIcon}
        onClick={() => void navigate(settingsPath())}
      />
      <IconButton
        label="Inspector"
        keys={keysOf('toggle-inspector')}
        icon={PanelRightIcon}
        aria-pressed={inspector.isShown}
        disabled={!inspector.hasSubject}
        onClick={inspector.toggle}
      />
    </header>
  );
}
