import type { ReactNode } from 'react';
import { useSession } from '../queries/session.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { OfflineIcon } from '../ui/icons.ts';

export type SessionProps = { readonly children: ReactNode };

/** A page whose host does not know it can do nothing: it says so, and how to get one that can. */
export function Session({ children }: SessionProps) {
  const state = useSession();
  if (state === 'open') return children;
  return (
    <main>
      <EmptyState icon={OfflineIcon} title="This page is not connected to Gantry">
        The link was used before, or Gantry was restarted. Open the address that Gantry prints when it starts.
      </EmptyState>
    </main>
  );
}
