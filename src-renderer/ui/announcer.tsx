import { useSyncExternalStore } from 'react';

let message = '';
const listeners = new Set<() => void>();

/** Says `text` to a screen reader, politely. The same text twice is said twice. */
export function announce(text: string): void {
  message = message === text ? `${text}\u00A0` : text;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** The one live region of the window. */
export function Announcer() {
  const text = useSyncExternalStore(subscribe, () => message);
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {text}
    </div>
  );
}
