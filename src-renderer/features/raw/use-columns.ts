import { useEffect, useState, type RefObject } from 'react';

/** Room for the line number and the padding, in characters. */
const GUTTER_COLUMNS = 8;
const FALLBACK_COLUMNS = 100;

function measureCharacter(element: HTMLElement): number {
  const probe = document.createElement('span');
  probe.textContent = '0'.repeat(50);
  probe.style.visibility = 'hidden';
  probe.style.position = 'absolute';
  element.append(probe);
  const { width } = probe.getBoundingClientRect();
  probe.remove();
  return width / 50;
}

/** How many characters of its font fit across an element. Measured anew when its width changes. */
export function useColumns(ref: RefObject<HTMLElement | null>): number {
  const [columns, setColumns] = useState(FALLBACK_COLUMNS);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const character = measureCharacter(element);
    const observer = new ResizeObserver(() => {
      const fitting = character > 0 ? Math.floor(element.clientWidth / character) - GUTTER_COLUMNS : FALLBACK_COLUMNS;
      setColumns(Math.max(20, fitting));
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [ref]);
  return columns;
}
