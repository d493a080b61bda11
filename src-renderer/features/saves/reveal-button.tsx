import { useState } from 'react';
import { revealSaved } from '../../queries/saves.ts';
import { Button } from '../../ui/button.tsx';

export type RevealButtonProps = { readonly pathId: string };

/** Shows the file where it lies, or says that it is gone. */
export function RevealButton({ pathId }: RevealButtonProps) {
  const [isGone, setIsGone] = useState(false);
  const reveal = async () => {
    const found = await revealSaved(pathId).catch(() => false);
    setIsGone(!found);
  };
  if (isGone) return <span role="status">It is not there any more</span>;
  return (
    <Button size="sm" variant="ghost" onClick={() => void reveal()}>
      Show in folder
    </Button>
  );
}
