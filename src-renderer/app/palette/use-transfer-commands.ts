import { displayText } from '#shared/oci/display-text.ts';
import { useLocation, useNavigate } from 'react-router';
import { describeSources, type CopySource } from '../../lib/copy-sources.ts';
import type { DropPlace } from '../../lib/drop-place.ts';
import { parsePath, transfersPath, type Place } from '../../lib/paths.ts';
import { hostOf, withKnown } from '../../queries/known-image.ts';
import { usePauseAll } from '../../queries/transfers.ts';
import { useMoving } from '../../state/moving.ts';
import { copyTo, isShelf, keepOffline, pasteOn, pushArchives, saveToFile } from '../../state/transfer-commands.ts';
import { announce } from '../../ui/announcer.tsx';
import {
  CopyToIcon,
  DownloadIcon,
  LocalRegistryIcon,
  PasteIcon,
  PauseIcon,
  ResumeIcon,
  TransfersIcon,
  UploadIcon,
} from '../../ui/icons.ts';
import { command, type RunnableEntry } from './palette-command.ts';

/** Where a paste goes that names no row: what is shown. */
function placeOf(place: Place): DropPlace | undefined {
  if (place.kind === 'registry') return { kind: 'registry', registryId: place.registryId };
  if (place.kind !== 'repository' && place.kind !== 'image') return undefined;
  return { kind: 'repository', registryId: place.registryId, repository: place.repository };
}

function commandsOn(picked: readonly CopySource[]): readonly RunnableEntry[] {
  if (picked.length === 0) return [];
  const sources = picked.map(withKnown);
  const what = displayText(describeSources(picked));
  const act = (label: string, icon: RunnableEntry['icon'], run: (sources: readonly CopySource[]) => void) =>
    command(
      label,
      icon,
      () => {
        run(sources);
      },
      what,
    );
  return [
    act('Copy to…', CopyToIcon, copyTo),
    act('Save to a file…', DownloadIcon, saveToFile),
    ...(picked.every(({ registryId }) => isShelf(registryId))
      ? []
      : [act('Keep offline in Local…', LocalRegistryIcon, keepOffline)]),
  ];
}

/** What moves images: all that dragging and the menus do. */
export function useTransferCommands(): readonly RunnableEntry[] {
  const navigate = useNavigate();
  const shown = placeOf(parsePath(useLocation().pathname));
  const picked = useMoving((state) => state.picked);
  const marked = useMoving((state) => state.marked);
  const { pauseAll, resumeAll } = usePauseAll();
  const paste = () => {
    const refusal = shown === undefined ? undefined : pasteOn(shown, hostOf);
    if (refusal !== undefined) announce(displayText(refusal));
  };
  return [
    ...commandsOn(picked),
    ...(marked.length === 0 || shown === undefined
      ? []
      : [command('Paste what is marked here…', PasteIcon, paste, displayText(describeSources(marked)))]),
    command('Push an archive…', UploadIcon, () => {
      pushArchives([], shown);
    }),
    command('Transfers', TransfersIcon, () => void navigate(transfersPath())),
    command('Pause all transfers', PauseIcon, () => {
      pauseAll.mutate(undefined);
    }),
    command('Resume all transfers', ResumeIcon, () => {
      resumeAll.mutate(undefined);
    }),
  ];
}
