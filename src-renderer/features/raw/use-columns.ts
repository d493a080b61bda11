import { useEffect, useState, type RefObject } from 'react';

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

/** How many characters of its font fit across an element, beside a gutter. Measured anew when its width changes. */
export function useColumns(ref: RefObject<HTMLElement | null>, gutterColumns: number): number {
  const [columns, setColumns] = useState(FALLBACK_COLUMNS);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const character = measureCharacter(element);
    const observer = new ResizeObserver(() => {
      const fitting = character > 0 ? Math.floor(element.clientWidth / character) - gutterColumns : FALLBACK_COLUMNS;
      setColumns(Math.max(20, fitting));
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [ref, gutterColumns]);
  return columns;
}
