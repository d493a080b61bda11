import { outcomeText } from '../../lib/plan-table.ts';
import { Button } from '../../ui/button.tsx';
import { BackIcon } from '../../ui/icons.ts';
import css from './copy.module.css';
import type { Wizard } from './use-wizard.ts';
import { CHOOSE_FORM, MAIN_ACTION } from './wizard-ids.ts';

export type WizardFooterProps = {
  readonly wizard: Wizard;
  /** `Start copy`. */
  readonly startLabel: string;
  /** Why there can be no plan yet. */
  readonly refusal?: string | undefined;
  readonly onClose: () => void;
};

/** The buttons at the foot of a wizard. What cannot be done now stays in sight, with the reason beside it. */
export function WizardFooter({ wizard, startLabel, refusal, onClose }: WizardFooterProps) {
  const isPlan = wizard.step === 'plan';
  const reason = isPlan ? wizard.refusal : refusal;
  return (
    <>
      <span className={css['reason']} id="wizard-reason" role="status">
        {reason ?? (isPlan ? outcomeText(wizard.plan, wizard.decisions) : '')}
      </span>
      <Button onClick={onClose}>Cancel</Button>
      {isPlan && (
        <Button icon={BackIcon} onClick={wizard.back}>
          Back
        </Button>
      )}
      {isPlan ? (
        <Button
          id={MAIN_ACTION}
          variant="primary"
          busy={wizard.isStarting}
          aria-disabled={reason !== undefined || undefined}
          aria-describedby="wizard-reason"
          onClick={wizard.start}
        >
          {startLabel}
        </Button>
      ) : (
        <Button
          id={MAIN_ACTION}
          type="submit"
          form={CHOOSE_FORM}
          variant="primary"
          aria-disabled={reason !== undefined || undefined}
          aria-describedby="wizard-reason"
        >
          Make the plan
        </Button>
      )}
    </>
  );
}
