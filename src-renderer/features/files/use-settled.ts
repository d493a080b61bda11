import { useEffect, useState } from 'react';

/** The value, once it has not changed for a while: nothing is asked for at every key. Emptiness counts at once. */
export function useSettled(value: string, waitMs: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(
      () => {
        setSettled(value);
      },
      value === '' ? 0 : waitMs,
    );
    return () => {
      clearTimeout(timer);
    };
  }, [value, waitMs]);
  return settled;
}
