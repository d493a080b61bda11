import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactNode, RefObject } from 'react';
import { cx } from './cx.ts';
import css from './dialog.module.css';
import { IconButton } from './icon-button.tsx';
import { CloseIcon } from './icons.ts';

export type DialogProps = {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  /** Buttons: the way back first, the main action last. */
  readonly footer?: ReactNode;
  readonly size?: 'sm' | 'md' | 'lg' | 'xl';
  /** Between the title and what scrolls. */
  readonly above?: ReactNode;
  /** The body does not scroll: something in it does. */
  readonly isFixed?: boolean;
  /** A click beside it does not close it: there is work in it that a slip must not lose. */
  readonly isKept?: boolean;
  /** Focused when the dialog opens; the first control otherwise. */
  readonly initialFocus?: RefObject<HTMLElement | null> | (() => HTMLElement | null);
};

/** A modal dialog: focus is kept inside and goes back where it was; Escape closes. */
export function Dialog(props: DialogProps) {
  const { open, onClose, title, description, children, footer, size = 'md', initialFocus } = props;
  const { above, isFixed = false, isKept = false } = props;
  return (
    <Base.Root
      open={open}
      disablePointerDismissal={isKept}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
    >
      <Base.Portal>
        <Base.Backdrop className={css['backdrop'] ?? ''} />
        <Base.Popup className={cx(css['popup'], css[size])} initialFocus={initialFocus}>
          <header className={css['header']}>
            <div>
              <Base.Title className={css['title'] ?? ''}>{title}</Base.Title>
              {description !== undefined && (
                <Base.Description className={css['description'] ?? ''}>{description}</Base.Description>
              )}
            </div>
            <Base.Close render={<IconButton label="Close" icon={CloseIcon} size="sm" />} />
          </header>
          {above !== undefined && <div className={css['above']}>{above}</div>}
          {children !== undefined && <div className={cx(css['body'], isFixed && css['fixed'])}>{children}</div>}
          {footer !== undefined && <footer className={css['footer']}>{footer}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
