import { useRef, useState } from 'react';
import { useHostInfo } from '../../queries/host.ts';
import type { OpenArchives } from '../../queries/use-open-archives.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { FilePicker } from '../../ui/file-picker.tsx';
import { ArchiveIcon, FolderIcon } from '../../ui/icons.ts';
import { pickedFile, pickedFolder, readDropped } from '../../ui/read-dropped.ts';
import { useDropZone } from '../../ui/use-drop-zone.ts';
import css from './push.module.css';

export type ArchivePickerProps = { readonly archives: OpenArchives };

/** Takes archives: dropped here, or chosen in the dialog of the system or the browser. */
export function ArchivePicker({ archives }: ArchivePickerProps) {
  const ref = useRef<HTMLDivElement>(null);
  const [isOver, setIsOver] = useState(false);
  useDropZone(ref, {
    onOver: () => {
      setIsOver(true);
    },
    onLeave: () => {
      setIsOver(false);
    },
    onDrop: (_point, files) => {
      setIsOver(false);
      if (files === undefined) return;
      void addDropped(archives, files);
    },
  });
  return (
    <div ref={ref} className={cx(css['picker'], isOver && css['over'])}>
      <ArchiveIcon size={20} aria-hidden />
      <p className={css['pickerText']}>Drop a docker or OCI archive, or an OCI layout folder, here.</p>
      <Choices archives={archives} />
    </div>
  );
}

/** The system's own dialog where the host has one, else the browser's. */
function Choices({ archives }: ArchivePickerProps) {
  const hasDialogs = useHostInfo().data?.capabilities.nativeDialogs === true;
  return hasDialogs ? (
    <>
      <Button
        icon={ArchiveIcon}
        onClick={() => {
          archives.choose('file');
        }}
      >
        Choose a file…
      </Button>
      <Button
        icon={FolderIcon}
        onClick={() => {
          archives.choose('folder');
        }}
      >
        Choose a folder…
      </Button>
    </>
  ) : (
    <>
      <FilePicker
        label="Choose files…"
        icon={ArchiveIcon}
        onPick={(files) => {
          archives.add(files.map(pickedFile));
        }}
      />
      <FilePicker
        folder
        label="Choose a folder…"
        icon={FolderIcon}
        onPick={(files) => {
          const folder = pickedFolder(files);
          if (folder !== undefined) archives.add([folder]);
        }}
      />
    </>
  );
}

async function addDropped(archives: OpenArchives, files: readonly DataTransferItem[]): Promise<void> {
  archives.add(await readDropped(files));
}
