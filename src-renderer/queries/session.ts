import { useSyncExternalStore } from 'react';
import { session, type SessionState } from '../host/index.ts';

/** Whether the host still knows this page: `lost` is for good. */
export function useSession(): SessionState {
  return useSyncExternalStore(session.subscribe, session.state);
}
