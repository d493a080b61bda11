import { Button } from '../../ui/button.tsx';
import { WarningIcon } from '../../ui/icons.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import css from './ladder.module.css';

export type TrustPromptProps = {
  readonly host: string;
  readonly registryHost: string;
  readonly onTrust: () => void;
  readonly onCancel: () => void;
};

/** Asks before a secret goes to a token server of another name. Both names stand whole. */
export function TrustPrompt({ host, registryHost, onTrust, onCancel }: TrustPromptProps) {
  return (
    <div className={css['trust']} role="alert">
      <WarningIcon size={16} aria-hidden className={css['warning']} />
      <div className={css['trustText']}>
        <p>
          <strong>
            <SafeText text={registryHost} />
          </strong>{' '}
          asks to send your password or token to{' '}
          <strong>
            <SafeText text={host} />
          </strong>
          . Trust it for this registry?
        </p>
        <p className={css['faint']}>
          Nothing has been sent there. Say yes only if you know that the two belong together.
        </p>
        <div className={css['trustActions']}>
          <Button size="sm" onClick={onCancel}>
            Cancel
          </Button>
          <Button size="sm" variant="primary" onClick={onTrust}>
            Trust <SafeText text={host} />
          </Button>
        </div>
      </div>
    </div>
  );
}
