import { useNavigate } from 'react-router';
import { welcomePath } from '../lib/paths.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { UnknownIcon } from '../ui/icons.ts';

export function NotFoundPage() {
  const navigate = useNavigate();
  return (
    <EmptyState
      icon={UnknownIcon}
      title="There is no such page"
      actions={<Button onClick={() => void navigate(welcomePath())}>Go to Welcome</Button>}
    >
      The address leads nowhere in this version of Gantry.
    </EmptyState>
  );
}
