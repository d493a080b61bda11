import { useNavigate } from 'react-router';
import { destinationOf, type Destination } from '../../lib/go-to-reference.ts';
import { comparePath } from '../../lib/compare-place.ts';
import { logPath, registryPath, repositoryPath, settingsPath, welcomePath } from '../../lib/paths.ts';
import { keysOf } from '../../lib/shortcuts.ts';
import { useRegistries } from '../../queries/registries.ts';
import { seenRepositories } from '../../queries/seen-repositories.ts';
import { useSetSettings } from '../../queries/settings.ts';
import { useAddress } from '../../state/address.ts';
import { useDialogs } from '../../state/dialogs.ts';
import { useLayout } from '../../state/layout.ts';
import {
  AddIcon,
  BackIcon,
  CloseIcon,
  CompareIcon,
  DarkThemeIcon,
  KeyboardIcon,
  LightThemeIcon,
  LinkIcon,
  LogIcon,
  PanelLeftIcon,
  PanelRightIcon,
  RegistryIcon,
  RepositoryIcon,
  SettingsIcon,
  SystemThemeIcon,
  WelcomeIcon,
} from '../../ui/icons.ts';
import { useInspectorToggle } from '../use-inspector.ts';
import { useTabNavigation } from '../use-tab-navigation.ts';
import { command, type RunnableEntry } from './palette-command.ts';
import { useTransferCommands } from './use-transfer-commands.ts';

function useWindowCommands(): readonly RunnableEntry[] {
  const navigate = useNavigate();
  const tabs = useTabNavigation();
  const inspector = useInspectorToggle();
  const { mutate } = useSetSettings();
  const show = useDialogs((state) => state.show);
  const edit = useAddress((state) => state.edit);
  const toggleTree = useLayout((state) => state.toggleTree);
  const setTheme = (theme: 'system' | 'light' | 'dark') => () => {
    mutate({ theme });
  };
  const connect = () => {
    show({ kind: 'connect', prefill: {} });
  };
  const showShortcuts = () => {
    show({ kind: 'shortcuts' });
  };
  return [
    command('Add registry…', AddIcon, connect),
    command('Paste a reference', LinkIcon, edit, keysOf('address')),
    command('Compare two images', CompareIcon, () => void navigate(comparePath({}))),
    command('Welcome', WelcomeIcon, () => void navigate(welcomePath())),
    command('Settings', SettingsIcon, () => void navigate(settingsPath()), keysOf('settings')),
    command('Keyboard shortcuts', KeyboardIcon, showShortcuts, keysOf('shortcuts')),
    command('Request log', LogIcon, () => void navigate(logPath())),
    command('Theme: light', LightThemeIcon, setTheme('light')),
    command('Theme: dark', DarkThemeIcon, setTheme('dark')),
    command('Theme: as the system', SystemThemeIcon, setTheme('system')),
    command('Show or hide the registry tree', PanelLeftIcon, toggleTree, keysOf('toggle-tree')),
    ...(inspector.hasSubject
      ? [command('Show or hide the inspector', PanelRightIcon, inspector.toggle, keysOf('toggle-inspector'))]
      : []),
    command('Close tab', CloseIcon, tabs.closeActive, keysOf('close-tab')),
    command('Reopen closed tab', BackIcon, tabs.reopen, keysOf('reopen-tab')),
  ];
}

/** The text itself, when it is a reference one could go to. */
function referenceEntry(query: string, destination: Destination, go: (path: string) => void): readonly RunnableEntry[] {
  const entry = { id: 'reference', group: 'Go to', label: query.trim(), icon: LinkIcon };
  if (destination.kind === 'path') {
    return [
      {
        ...entry,
        hint: 'Open this reference',
        onSelect: () => {
          go(destination.path);
        },
      },
    ];
  }
  const isReference = destination.kind === 'unknown-registry' && query.includes('/');
  if (!isReference) return [];
  const { host, reference } = destination;
  const connect = () => {
    useDialogs.getState().show({ kind: 'connect', prefill: { host, thenReference: reference } });
  };
  return [{ ...entry, hint: `Connect to ${host}…`, onSelect: connect }];
}

export type PaletteEntries = {
  readonly entries: readonly RunnableEntry[];
  /** What the typed text leads to as a reference, always shown after the matches. */
  readonly typed: (query: string) => readonly RunnableEntry[];
};

/** Everything the palette can go to or run. */
export function usePaletteEntries(): PaletteEntries {
  const navigate = useNavigate();
  const registries = useRegistries().data ?? [];
  const commands = [...useTransferCommands(), ...useWindowCommands()];
  const go = (path: string) => void navigate(path);
  const places = registries.map((registry): RunnableEntry => ({
    id: `registry ${registry.id}`,
    group: 'Registries',
    label: registry.label,
    hint: registry.label === registry.host ? undefined : registry.host,
    icon: RegistryIcon,
    onSelect: () => {
      go(registryPath(registry.id));
    },
  }));
  const repositories = seenRepositories().map((place): RunnableEntry => ({
    id: `repository ${place.registryId} ${place.repository}`,
    group: 'Repositories',
    label: place.repository,
    hint: registries.find(({ id }) => id === place.registryId)?.label,
    icon: RepositoryIcon,
    onSelect: () => {
      go(repositoryPath(place));
    },
  }));
  return {
    entries: [...places, ...repositories, ...commands],
    typed: (query) => (query.trim() === '' ? [] : referenceEntry(query, destinationOf(query, registries), go)),
  };
}
