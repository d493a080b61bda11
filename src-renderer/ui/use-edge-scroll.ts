import { useEffect, useEffectEvent, useRef, type RefObject } from 'react';
import { edgeSpeed } from '../lib/edge-scroll.ts';

export type EdgeScroll = {
  /** The pointer is here, in CSS pixels from the top of the window. */
  readonly point: (y: number) => void;
  readonly stop: () => void;
};

/** Scrolls a list while something is held near its upper or lower edge. `onScroll`: other rows lie under the pointer now. */
export function useEdgeScroll(ref: RefObject<HTMLElement | null>, onScroll: () => void): EdgeScroll {
  const pointer = useRef<number | undefined>(undefined);
  const frame = useRef<number | undefined>(undefined);
  const step = () => {
    frame.current = undefined;
    const element = ref.current;
    if (element === null || pointer.current === undefined) return;
    const { top, bottom } = element.getBoundingClientRect();
    const speed = edgeSpeed(pointer.current, top, bottom);
    if (speed === 0) return;
    const before = element.scrollTop;
    element.scrollTop += speed;
    if (element.scrollTop === before) return;
    onScroll();
    frame.current = requestAnimationFrame(step);
  };
  const stop = () => {
    pointer.current = undefined;
    if (frame.current !== undefined) cancelAnimationFrame(frame.current);
    frame.current = undefined;
  };
  const end = useEffectEvent(stop);
  useEffect(
    () => () => {
      end();
    },
    [],
  );
  return {
    point: (y) => {
      pointer.current = y;
      frame.current ??= requestAnimationFrame(step);
    },
    stop,
  };
}
