import { Tooltip as Base } from '@base-ui/react/tooltip';
import type { ReactElement, ReactNode } from 'react';
import css from './popup.module.css';

export type TooltipProps = {
  readonly content: ReactNode;
  readonly side?: 'top' | 'bottom' | 'left' | 'right';
  /** One element that can hold focus and takes a ref. */
  readonly children: ReactElement;
};

/** A hint on hover and focus. Never the only place where something is said. */
export function Tooltip({ content, side = 'bottom', children }: TooltipProps) {
  return (
    <Base.Root
      onOpenChange={(_isOpen, details) => {
        // Escape closes a hint together with what it stands in: nobody asked for the hint, so it costs no key.
        if (details.reason === 'escape-key') details.allowPropagation();
      }}
    >
      <Base.Trigger render={children} delay={400} closeDelay={0} />
      <Base.Portal>
        <Base.Positioner side={side} sideOffset={6} className={css['positioner'] ?? ''}>
          <Base.Popup className={css['tooltip'] ?? ''}>{content}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
