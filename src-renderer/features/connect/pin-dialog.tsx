import { useRef, useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { readRepository } from '../../lib/go-to-reference.ts';
import { repositoryPath } from '../../lib/paths.ts';
import { registryRowId } from '../../lib/tree-rows.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { useRegistry } from '../../queries/registries.ts';
import { usePin } from '../../queries/repositories.ts';
import { useTreeState } from '../../state/tree-state.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { TextField } from '../../ui/text-field.tsx';

export type PinDialogProps = { readonly registryId: string; readonly onClose: () => void };

const FORM = 'pin-form';
const NOT_A_NAME = 'Not a repository name: lower-case letters, digits and . _ - between slashes';

function Footer({ isBusy, onClose }: { readonly isBusy: boolean; readonly onClose: () => void }) {
  return (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button type="submit" form={FORM} variant="primary" busy={isBusy}>
        Pin
      </Button>
    </>
  );
}

/** Adds a repository by name: the way in where a registry keeps its catalog closed. */
export function PinDialog({ registryId, onClose }: PinDialogProps) {
  const registry = useRegistry(registryId).data;
  const pin = usePin();
  const navigate = useNavigate();
  const setExpanded = useTreeState((state) => state.setExpanded);
  const [text, setText] = useState('');
  const [error, setError] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  if (registry === undefined) return null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const repository = readRepository(text, registry);
    if (repository === undefined) {
      setError(NOT_A_NAME);
      return;
    }
    const onSuccess = () => {
      onClose();
      setExpanded([registryRowId(registryId)], true);
      void navigate(repositoryPath({ registryId, repository }));
    };
    pin.mutate({ registryId, repository }, { onSuccess });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      size="sm"
      title="Pin a repository"
      description={`In ${registry.label}. It is added to the tree and to your favourites.`}
      initialFocus={input}
      footer={<Footer isBusy={pin.isPending} onClose={onClose} />}
    >
      <form id={FORM} onSubmit={submit} noValidate>
        <TextField
          ref={input}
          label="Repository"
          mono
          autoComplete="off"
          spellCheck={false}
          autoCapitalize="off"
          placeholder={registry.host === 'docker.io' ? 'library/nginx' : 'owner/app'}
          value={text}
          error={error}
          onChange={(next) => {
            setText(next);
            setError(undefined);
          }}
        />
        {pin.error !== null && <ErrorState compact error={appErrorOf(pin.error)} />}
      </form>
    </Dialog>
  );
}
