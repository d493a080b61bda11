import { monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter';
import { monitorForExternal } from '@atlaskit/pragmatic-drag-and-drop/adapter/monitor-for-external';
import { combine } from '@atlaskit/pragmatic-drag-and-drop/utils/combine';
import { containsFiles } from '@atlaskit/pragmatic-drag-and-drop/utils/contains-files';
import { preventUnhandled } from '@atlaskit/pragmatic-drag-and-drop/utils/prevent-unhandled';
import { useEffect, useEffectEvent } from 'react';
import type { Point } from './use-drop-zone.ts';

export type DragMonitorOptions = {
  /** Files have come in from the desktop. */
  readonly onFilesEnter: () => void;
  readonly onMove: (point: Point) => void;
  /** Dropped, given up with Escape, or carried out of the window. Comes after the zone's own `onDrop`. */
  readonly onEnd: () => void;
};

/** Follows every drag in the window, wherever it is. A file that falls beside all zones must not replace the page. */
export function useDragMonitor(options: DragMonitorOptions): void {
  const move = useEffectEvent(options.onMove);
  const filesEnter = useEffectEvent(options.onFilesEnter);
  const end = useEffectEvent(options.onEnd);
  useEffect(() => {
    type Located = Parameters<NonNullable<Parameters<typeof monitorForElements>[0]['onDrag']>>[0]['location'];
    const follow = ({ location }: { readonly location: Located }) => {
      const { clientX: x, clientY: y } = location.current.input;
      move({ x, y });
    };
    return combine(
      monitorForElements({
        onDragStart: follow,
        onDrag: follow,
        onDrop: () => {
          end();
        },
      }),
      monitorForExternal({
        canMonitor: containsFiles,
        onDragStart: (event) => {
          preventUnhandled.start();
          filesEnter();
          follow(event);
        },
        onDrag: follow,
        onDrop: () => {
          preventUnhandled.stop();
          end();
        },
      }),
    );
  }, []);
}
