import { displayText } from '#shared/oci/display-text.ts';
import type { Registry } from '#shared/api/registries.ts';
import { commandsFor } from '../../lib/commands.ts';
import type { TreeRow } from '../../lib/tree-rows.ts';
import { useDialogs } from '../../state/dialogs.ts';
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
    { id: 'open', label: 'Open', icon: ForwardIcon, hint: 'Enter', onSelect: context.open },
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
    { id: 'open', label: 'Open', icon: ForwardIcon, hint: 'Enter', onSelect: context.open },
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
    { id: 'open', label: 'Open', icon: ForwardIcon, hint: 'Enter', onSelect: context.open },
    copyItem('copy-name', 'Copy reference', `${host}${row.repository}:${row.tag}`),
    ...(registry === undefined ? [] : pullItem(registry, row.repository, row.tag)),
  ];
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
  if (row.kind === 'registry') return context.registry === undefined ? [] : registryItems(context.registry, context);
  if (row.kind === 'repository') return repositoryItems(row, context);
  if (row.kind === 'tag') return tagItems(row, context);
  if ('of' in row) return statusItems(row, context);
  return [{ id: 'toggle', label: row.open ? 'Collapse' : 'Expand', onSelect: context.open }];
}
