import type { ReactNode } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { Steps } from '../../ui/steps.tsx';
import { CHOOSE_FORM, MAIN_ACTION } from './wizard-ids.ts';

export type WizardStep = 'choose' | 'plan';

export type WizardFrameProps = {
  readonly title: ReactNode;
  readonly step: WizardStep;
  readonly onClose: () => void;
  readonly footer: ReactNode;
  readonly children: ReactNode;
};

const STEPS = ['Choose', 'Plan'] as const;

/** Where a wizard begins: at what is chosen first, or at what there is to do where all is chosen already. */
function startOf(step: WizardStep): HTMLElement | null {
  if (step === 'plan') return document.getElementById(MAIN_ACTION);
  const form = document.getElementById(CHOOSE_FORM);
  return form?.querySelector<HTMLElement>(':is(button, select, input:not([hidden]))') ?? null;
}

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
      initialFocus={() => startOf(step)}
      above={<Steps label="Steps" steps={STEPS} current={step === 'choose' ? 0 : 1} />}
      footer={footer}
    >
      {children}
    </Dialog>
  );
}
