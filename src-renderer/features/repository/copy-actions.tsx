import { displayText } from '#shared/oci/display-text.ts';
import { describeSources } from '../../lib/copy-sources.ts';
import { withKnown } from '../../queries/known-image.ts';
import { useMoving } from '../../state/moving.ts';
import { copyTo, saveToFile } from '../../state/transfer-commands.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { CopyToIcon, DownloadIcon } from '../../ui/icons.ts';

/** Copies or saves the ticked rows, or the repository as a whole while none is ticked. */
export function CopyActions() {
  const picked = useMoving((state) => state.picked);
  const [only] = picked;
  const isWhole = picked.length <= 1 && only?.kind !== 'image';
  const what = displayText(describeSources(picked));
  return (
    <>
      <Button
        size="sm"
        icon={CopyToIcon}
        aria-label={`Copy ${what} to…`}
        onClick={() => {
          copyTo(picked.map(withKnown));
        }}
      >
        {isWhole ? 'Copy to…' : `Copy ${picked.length} to…`}
      </Button>
      <IconButton
        label={`Save ${what} to a file…`}
        icon={DownloadIcon}
        onClick={() => {
          saveToFile(picked.map(withKnown));
        }}
      />
    </>
  );
}
