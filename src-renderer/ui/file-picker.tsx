import { useRef } from 'react';
import { Button } from './button.tsx';
import type { Icon } from './icons.ts';

export type FilePickerProps = {
  readonly label: string;
  readonly icon?: Icon;
  /** A folder with all that is in it, instead of files. */
  readonly folder?: boolean;
  readonly onPick: (files: readonly File[]) => void;
};

/** A button that opens the browser's own dialog for files. */
export function FilePicker({ label, icon, folder = false, onPick }: FilePickerProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button icon={icon} onClick={() => input.current?.click()}>
        {label}
      </Button>
      <input
        ref={(element) => {
          input.current = element;
          // React knows no such attribute of an input.
          if (element !== null) element.webkitdirectory = folder;
        }}
        type="file"
        hidden
        multiple
        aria-label={label}
        onChange={(event) => {
          onPick([...(event.target.files ?? [])]);
          // The same file can be chosen again.
          event.target.value = '';
        }}
      />
    </>
  );
}
