import { useLocation, useNavigate } from 'react-router';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorIcon, RefreshIcon } from '../ui/icons.ts';

/** A page whose code could not be loaded, most often because the host is gone. The rest of the window stays. */
export function PageFailed() {
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  const retry = () => void navigate(`${pathname}${search}`, { replace: true });
  return (
    <EmptyState
      icon={ErrorIcon}
      title="This page could not be loaded"
      actions={
        <Button variant="primary" icon={RefreshIcon} onClick={retry}>
          Try again
        </Button>
      }
    >
      Gantry may have stopped, or was updated while this window was open. If it runs, reload the window.
    </EmptyState>
  );
}
