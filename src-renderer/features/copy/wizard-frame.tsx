import type { ReactNode } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { Steps } from '../../ui/steps.tsx';

export type WizardStep = 'choose' | 'plan';

export type WizardFrameProps = {
  readonly title: ReactNode;
  readonly step: WizardStep;
  readonly onClose: () => void;
  readonly footer: ReactNode;
  readonly children: ReactNode;
};

const STEPS = ['Choose', 'Plan'] as const;

/** The dialog that copy, push and pull share: choose, look at the plan, go. */
export function WizardFrame({ title, step, onClose, footer, children }: WizardFrameProps) {
  return (
    <Dialog
      open
      size="xl"
      isKept
      isFixed={step === 'plan'}
      title={title}
      onClose={onClose}
      above={<Steps label="Steps" steps={STEPS} current={step === 'choose' ? 0 : 1} />}
      footer={footer}
    >
      {children}
    </Dialog>
  );
}
