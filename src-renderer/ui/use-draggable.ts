import { draggable } from '@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter';
import { disableNativeDragPreview } from '@atlaskit/pragmatic-drag-and-drop/utils/disable-native-drag-preview';
import { useEffect, useEffectEvent, type RefObject } from 'react';

export type DraggableOptions = {
  /** Asked when a drag begins; false leaves the pointer to others. */
  readonly canDrag: () => boolean;
  readonly onStart: () => void;
  /** What another program gets that it is dropped on. */
  readonly text: () => string;
};

/** Makes an element something to drag. What goes along with the pointer is drawn by `DragBadge`, not by the browser. */
export function useDraggable(ref: RefObject<HTMLElement | null>, options: DraggableOptions): void {
  const canDrag = useEffectEvent(options.canDrag);
  const onStart = useEffectEvent(options.onStart);
  const text = useEffectEvent(options.text);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    return draggable({
      element,
      canDrag: () => canDrag(),
      getInitialDataForExternal: () => ({ 'text/plain': text() }),
      onGenerateDragPreview: ({ nativeSetDragImage }) => {
        disableNativeDragPreview({ nativeSetDragImage });
      },
      onDragStart: () => {
        onStart();
      },
    });
  }, [ref]);
}
