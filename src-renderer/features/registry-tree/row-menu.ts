import { displayText } from '#shared/oci/display-text.ts';
import type { Registry } from '#shared/api/registries.ts';
import { commandsFor } from '../../lib/commands.ts';
import { placeOfRow } from '../../lib/drop-place.ts';
import type { TreeRow } from '../../lib/tree-rows.ts';
import { useDialogs } from '../../state/dialogs.ts';
import { useMoving } from '../../state/moving.ts';
import { copyTo, isShelf, keepOffline, pushArchives, saveToFile } from '../../state/transfer-commands.ts';
import { announce } from '../../ui/announcer.tsx';
import {
  AddIcon,
  CopyIcon,
  EditIcon,
  ForwardIcon,
  PinIcon,
  RefreshIcon,
  RemoveIcon,
  UnpinIcon,
} from '../../ui/icons.ts';
import type { MenuItem } from '../../ui/menu-items.tsx';
import { placeMenu, sourceMenu } from '../../ui/transfer-menu.ts';
import { markRow, pasteOnRow, rowSources } from './row-sources.ts';
import { keysOf } from '../../lib/shortcuts.ts';

export type RowMenuContext = {
  readonly registry: Registry | undefined;
  readonly open: () => void;
  readonly refresh: () => void;
  readonly pin: () => void;
  readonly unpin: () => void;
};

async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(displayText(text));
    announce(`Copied ${what}`);
  } catch {
    announce(`Could not copy ${what}: the clipboard is not available`);
  }
}

function copyItem(id: string, label: string, text: string): MenuItem {
  return { id, label, icon: CopyIcon, onSelect: () => void copy(text, label.replace(/^Copy /, '')) };
}

function registryItems(registry: Registry, context: RowMenuContext): readonly MenuItem[] {
  const { show } = useDialogs.getState();
  const isLocal = registry.kind === 'local';
  const edit: readonly MenuItem[] = [
    { kind: 'separator', id: 'before-edit' },
    {
      id: 'edit',
      label: 'Edit connection…',
      icon: EditIcon,
      onSelect: () => {
        show({ kind: 'edit-registry', registryId: registry.id });
      },
    },
    {
      id: 'remove',
      label: 'Remove registry…',
      icon: RemoveIcon,
      tone: 'danger',
      onSelect: () => {
        show({ kind: 'remove-registry', registryId: registry.id });
      },
    },
  ];
  return [
    { id: 'open', label: 'Open', icon: ForwardIcon, hint: keysOf('open-row'), onSelect: context.open },
    copyItem('copy-host', 'Copy host', registry.host),
    {
      id: 'pin',
      label: 'Pin a repository…',
      icon: AddIcon,
      onSelect: () => {
        show({ kind: 'pin', registryId: registry.id });
      },
    },
    { id: 'refresh', label: 'Refresh', icon: RefreshIcon, onSelect: context.refresh },
    ...(isLocal ? [] : edit),
  ];
}

/** The line a person pastes into a terminal, quoted; none where a name is not safe to paste. */
function pullItem(registry: Registry, repository: string, reference: string): readonly MenuItem[] {
  const { host, plainHttp, skipVerification } = registry;
  const target = { kind: 'index', host, repository, tag: reference, plainHttp, skipVerification } as const;
  const pull = commandsFor('docker', target).find(({ purpose }) => purpose === 'pull');
  return pull?.kind === 'line' ? [copyItem('copy-pull', 'Copy docker pull command', pull.text)] : [];
}

function repositoryItems(row: Extract<TreeRow, { kind: 'repository' }>, context: RowMenuContext): readonly MenuItem[] {
  const { registry } = context;
  const name = registry === undefined ? row.repository : `${registry.host}/${row.repository}`;
  return [
    { id: 'open', label: 'Open', icon: ForwardIcon, hint: keysOf('open-row'), onSelect: context.open },
    row.pinned
      ? { id: 'unpin', label: 'Remove from Favourites', icon: UnpinIcon, onSelect: context.unpin }
      : { id: 'pin', label: 'Add to Favourites', icon: PinIcon, onSelect: context.pin },
    copyItem('copy-name', 'Copy name', name),
    { id: 'refresh', label: 'Refresh', icon: RefreshIcon, onSelect: context.refresh },
  ];
}

function tagItems(row: Extract<TreeRow, { kind: 'tag' }>, context: RowMenuContext): readonly MenuItem[] {
  const { registry } = context;
  const host = registry === undefined ? '' : `${registry.host}/`;
  return [
    { id: 'open', label: 'Open', icon: ForwardIcon, hint: keysOf('open-row'), onSelect: context.open },
    copyItem('copy-name', 'Copy reference', `${host}${row.repository}:${row.tag}`),
    ...(registry === undefined ? [] : pullItem(registry, row.repository, row.tag)),
  ];
}

/** Everything that dragging does, for those who do not drag. */
function transferItems(row: TreeRow): readonly MenuItem[] {
  const sources = rowSources(row);
  const place = placeOfRow(row);
  const ofSources =
    sources.length === 0
      ? []
      : sourceMenu({
          copyTo: () => {
            copyTo(sources);
          },
          mark: () => {
            markRow(row);
          },
          save: () => {
            saveToFile(sources);
          },
          keepOffline: sources.every(({ registryId }) => isShelf(registryId))
            ? undefined
            : () => {
                keepOffline(sources);
              },
        });
  const ofPlace =
    place === undefined || row.kind === 'tag'
      ? []
      : placeMenu({
          paste: () => {
            pasteOnRow(row);
          },
          canPaste: useMoving.getState().marked.length > 0,
          push: () => {
            pushArchives([], place);
          },
        });
  return [...ofSources, ...ofPlace];
}

function withTransfers(row: TreeRow, items: readonly MenuItem[]): readonly MenuItem[] {
  return [...items, { kind: 'separator', id: 'before-transfers' }, ...transferItems(row)];
}

function statusItems(row: Extract<TreeRow, { of: unknown }>, context: RowMenuContext): readonly MenuItem[] {
  const { show } = useDialogs.getState();
  const retry: MenuItem = { id: 'refresh', label: 'Try again', icon: RefreshIcon, onSelect: context.refresh };
  if (context.registry?.kind !== 'remote') return [retry];
  const edit: MenuItem = {
    id: 'edit',
    label: 'Edit connection…',
    icon: EditIcon,
    onSelect: () => {
      show({ kind: 'edit-registry', registryId: row.of.registryId });
    },
  };
  return [retry, edit];
}

/** The context menu of a row: everything a click or key on it can do, and what has no key. */
export function rowMenu(row: TreeRow, context: RowMenuContext): readonly MenuItem[] {
  if (row.kind === 'registry')
    return context.registry === undefined ? [] : withTransfers(row, registryItems(context.registry, context));
  if (row.kind === 'repository') return withTransfers(row, repositoryItems(row, context));
  if (row.kind === 'tag') return withTransfers(row, tagItems(row, context));
  if ('of' in row) return statusItems(row, context);
  const toggle: MenuItem = { id: 'toggle', label: row.open ? 'Collapse' : 'Expand', onSelect: context.open };
  return row.kind === 'folder' ? withTransfers(row, [toggle]) : [toggle];
}
