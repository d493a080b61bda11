import type { PlanInput } from '#shared/api/transfers.ts';
import type { ReactNode } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { Steps } from '../../ui/steps.tsx';
import css from './copy.module.css';
import { PlanStep } from './plan-step.tsx';
import type { Wizard, WizardStep } from './use-wizard.ts';
import { WizardFooter } from './wizard-footer.tsx';
import { CHOOSE_FORM, MAIN_ACTION } from './wizard-ids.ts';

export type WizardFrameProps = {
  readonly title: ReactNode;
  readonly wizard: Wizard;
  /** `Start copy`. */
  readonly startLabel: string;
  /** Whose sign-in an error of the plan leads to. */
  readonly registryId: string;
  /** What a plan is made of; undefined while the choice is not complete. */
  readonly input: PlanInput | undefined;
  /** Why there can be no plan yet. */
  readonly refusal: string | undefined;
  readonly onClose: () => void;
  /** The choice. */
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
export function WizardFrame(props: WizardFrameProps) {
  const { title, wizard, startLabel, registryId, input, refusal, onClose, children } = props;
  const { step } = wizard;
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
      footer={<WizardFooter wizard={wizard} startLabel={startLabel} refusal={refusal} onClose={onClose} />}
    >
      {step === 'plan' ? (
        <PlanStep wizard={wizard} registryId={registryId} />
      ) : (
        <form
          id={CHOOSE_FORM}
          className={css['form']}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (input !== undefined) wizard.makePlan(input);
          }}
        >
          {children}
        </form>
      )}
    </Dialog>
  );
}
