import type { Registry } from '#shared/api/registries.ts';
import type { TagSummary } from '#shared/api/tags.ts';
import { useNavigate } from 'react-router';
import { comparePath } from '../../lib/compare-place.ts';
import { commandsFor, defaultTool } from '../../lib/commands.ts';
import type { CommandTool } from '../../lib/command-types.ts';
import type { CopySource } from '../../lib/copy-sources.ts';
import { imagePath, type ImageTab } from '../../lib/paths.ts';
import { useRegistry } from '../../queries/registries.ts';
import { useKnownSummaries } from '../../queries/use-known-summaries.ts';
import type { RepositoryRef } from '../../queries/tags.ts';
import { useChoices } from '../../state/choices.ts';
import { copyTo, isShelf, keepOffline, saveToFile } from '../../state/transfer-commands.ts';
import { copyText } from '../../ui/copy-text.ts';
import { CompareIcon, CopyIcon, RawIcon, RepositoryIcon } from '../../ui/icons.ts';
import type { MenuItem } from '../../ui/menu-items.tsx';
import { sourceMenu } from '../../ui/transfer-menu.ts';
import { markSources } from './mark-sources.ts';
import type { TagItem } from './tag-item.ts';

const NO_TAGS: readonly string[] = [];

type KnownTag = Pick<TagSummary, 'digest' | 'kind'>;

function pullCommand(
  { host, plainHttp, skipVerification }: Registry,
  { repository }: RepositoryRef,
  tag: string,
  known: KnownTag | undefined,
  tool: CommandTool | undefined,
): string | undefined {
  const kind = known?.kind ?? 'image';
  const target = { host, repository, tag, digest: known?.digest, kind, plainHttp, skipVerification };
  const pull = commandsFor(tool ?? defaultTool(kind), target).find(({ purpose }) => purpose === 'pull');
  return pull?.kind === 'line' ? pull.text : undefined;
}

function copyItem(id: string, label: string, text: string | undefined): MenuItem {
  return {
    id,
    label: `Copy ${label}`,
    icon: CopyIcon,
    disabled: text === undefined,
    onSelect: () => void copyText(text ?? '', label),
  };
}

function transferItems({ registryId }: RepositoryRef, sources: () => readonly CopySource[]): readonly MenuItem[] {
  return sourceMenu({
    copyTo: () => {
      copyTo(sources());
    },
    mark: () => {
      markSources(sources());
    },
    save: () => {
      saveToFile(sources());
    },
    keepOffline: isShelf(registryId)
      ? undefined
      : () => {
          keepOffline(sources());
        },
  });
}

/**
 * What can be done with one row: all of it is also a click or two away elsewhere. `sources` are what is copied: every
 * ticked row when this is one of them.
 */
export function useRowMenu(
  ref: RepositoryRef,
  item: TagItem | undefined,
  sources: () => readonly CopySource[],
): readonly MenuItem[] {
  const navigate = useNavigate();
  const registry = useRegistry(ref.registryId);
  const tool = useChoices((state) => state.tool);
  const summaries = useKnownSummaries(ref, item?.own ?? NO_TAGS);
  if (item === undefined || registry.data === undefined) return [];
  const { tag } = item;
  const known = summaries.get(tag);
  const open = (tab: ImageTab) => () => void navigate(imagePath({ ...ref, reference: tag, tab }));
  return [
    { id: 'open', label: 'Open', icon: RepositoryIcon, onSelect: open('overview') },
    { id: 'raw', label: 'Open raw manifest', icon: RawIcon, onSelect: open('raw') },
    {
      id: 'compare',
      label: 'Compare with…',
      icon: CompareIcon,
      onSelect: () => void navigate(comparePath({ left: { ...ref, reference: tag } })),
    },
    { kind: 'separator', id: 'copies' },
    copyItem('reference', 'reference', `${registry.data.host}/${ref.repository}:${tag}`),
    copyItem('digest', 'digest', item.digest ?? known?.digest),
    copyItem('pull', 'pull command', pullCommand(registry.data, ref, tag, known, tool)),
    { kind: 'separator', id: 'transfers' },
    ...transferItems(ref, sources),
  ];
}
