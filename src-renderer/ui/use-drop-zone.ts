import { dropTargetForExternal } from '@atlaskit/pragmatic-drag-and-drop/adapter/drop-target-for-external';
import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter';
import { combine } from '@atlaskit/pragmatic-drag-and-drop/utils/combine';
import { containsFiles } from '@atlaskit/pragmatic-drag-and-drop/utils/contains-files';
import { useEffect, useEffectEvent, type RefObject } from 'react';

/** Where the pointer is, in CSS pixels of the window. */
export type Point = { readonly x: number; readonly y: number };

export type DropZoneOptions = {
  /** The pointer is over the zone, or has moved in it. */
  readonly onOver: (point: Point) => void;
  readonly onLeave: () => void;
  /** Things of this window were dropped, or files of the desktop, whose items can be read during this call only. */
  readonly onDrop: (point: Point, files: readonly DataTransferItem[] | undefined) => void;
};

type Located = {
  readonly location: { readonly current: { readonly input: { readonly clientX: number; readonly clientY: number } } };
};

function pointOf({ location }: Located): Point {
  const { clientX: x, clientY: y } = location.current.input;
  return { x, y };
}

/**
 * Makes an element take what is dragged in this window, and files from the desktop. The zone is the whole list, not a
 * row: rows come and go with scrolling, so whoever uses it looks up what lies under the point.
 */
export function useDropZone(ref: RefObject<HTMLElement | null>, options: DropZoneOptions): void {
  const over = useEffectEvent((event: Located) => {
    options.onOver(pointOf(event));
  });
  const leave = useEffectEvent(options.onLeave);
  const drop = useEffectEvent((event: Located, files: readonly DataTransferItem[] | undefined) => {
    options.onDrop(pointOf(event), files);
  });
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const shared = {
      element,
      getDropEffect: () => 'copy' as const,
      onDragEnter: (event: Located) => {
        over(event);
      },
      onDrag: (event: Located) => {
        over(event);
      },
      onDragLeave: () => {
        leave();
      },
    };
    return combine(
      dropTargetForElements({
        ...shared,
        onDrop: (event) => {
          drop(event, undefined);
        },
      }),
      dropTargetForExternal({
        ...shared,
        canDrop: containsFiles,
        onDrop: (event) => {
          drop(event, event.source.items);
        },
      }),
    );
  }, [ref]);
}
