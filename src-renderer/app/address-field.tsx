import { useState, type KeyboardEvent } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { referenceText } from '../lib/crumbs.ts';
import { destinationOf, type Destination } from '../lib/go-to-reference.ts';
import { parsePath } from '../lib/paths.ts';
import { useRegistries } from '../queries/registries.ts';
import { useAddress } from '../state/address.ts';
import { useDialogs } from '../state/dialogs.ts';
import { Button } from '../ui/button.tsx';
import { ErrorIcon, InfoIcon, SearchIcon } from '../ui/icons.ts';
import { SafeText } from '../ui/safe-text.tsx';
import css from './address-bar.module.css';
import { isShortcut } from '../lib/shortcuts.ts';

type ProblemProps = {
  readonly id: string;
  readonly problem: Exclude<Destination, { kind: 'path' }>;
  readonly onConnect: (host: string, reference: string) => void;
};

function Problem({ id, problem, onConnect }: ProblemProps) {
  const isMalformed = problem.kind === 'malformed';
  return (
    <div id={id} className={css['problem']} role="alert">
      {isMalformed ? <ErrorIcon size={14} aria-hidden className={css['danger']} /> : <InfoIcon size={14} aria-hidden />}
      <span className={css['problemText']}>
        {isMalformed ? (
          <SafeText text={problem.message} />
        ) : (
          <SafeText text={`${problem.host} is not among your registries`} />
        )}
      </span>
      {!isMalformed && (
        <Button
          size="sm"
          variant="primary"
          // The field must not lose the focus, and close, before the click is there.
          onMouseDown={(event) => {
            event.preventDefault();
          }}
          onClick={() => {
            onConnect(problem.host, problem.reference);
          }}
        >
          Connect…
        </Button>
      )}
    </div>
  );
}

/** The address as text. Enter goes, Escape goes back to the breadcrumb; what cannot be used stays, with the reason. */
export function AddressField() {
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const registries = useRegistries().data ?? [];
  const draft = useAddress((state) => state.draft);
  const stop = useAddress((state) => state.stop);
  const show = useDialogs((state) => state.show);
  const [text, setText] = useState(draft ?? referenceText(parsePath(pathname), registries));
  const [problem, setProblem] = useState<Exclude<Destination, { kind: 'path' }>>();
  const connect = (host: string, reference: string) => {
    stop();
    show({ kind: 'connect', prefill: { host, thenReference: reference } });
  };
  const go = () => {
    const destination = destinationOf(text, registries);
    if (destination.kind !== 'path') {
      setProblem(destination);
      return;
    }
    stop();
    void navigate(destination.path);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isShortcut(event, 'leave-address')) stop();
    else if (!isShortcut(event, 'go')) return;
    // A second Enter takes the way on that the first one showed.
    else if (problem?.kind === 'unknown-registry') connect(problem.host, problem.reference);
    else go();
    event.preventDefault();
  };
  return (
    <div className={css['field']}>
      <SearchIcon size={14} aria-hidden />
      <input
        // The field exists because someone asked to type in it.
        ref={(input) => {
          input?.focus();
          input?.select();
        }}
        className={css['input']}
        aria-label="Address: type or paste a reference"
        aria-invalid={problem?.kind === 'malformed' || undefined}
        aria-describedby={problem === undefined ? undefined : 'address-problem'}
        placeholder="ghcr.io/owner/app:1.0, docker pull nginx, https://…"
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setProblem(undefined);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => {
          if (problem === undefined) stop();
        }}
      />
      {problem !== undefined && <Problem id="address-problem" problem={problem} onConnect={connect} />}
    </div>
  );
}
