import type { Registry } from '#shared/api/registries.ts';
import { useRef } from 'react';
import type { ConnectForm } from '../../lib/connect-form.ts';
import { useHostInfo } from '../../queries/host.ts';
import { useRegistries } from '../../queries/registries.ts';
import { useDialogs, type ConnectPrefill } from '../../state/dialogs.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { ConnectIcon } from '../../ui/icons.ts';
import { ConnectFields } from './connect-fields.tsx';
import css from './connect.module.css';
import { TestSteps } from './test-steps.tsx';
import { useConnectForm } from './use-connect-form.ts';

export type ConnectDialogProps = {
  readonly onClose: () => void;
  /** For a new registry. */
  readonly prefill?: ConnectPrefill;
  /** Edits this one instead. */
  readonly registryId?: string;
  readonly focus?: 'auth' | 'options' | undefined;
};

type BodyProps = Omit<ConnectDialogProps, 'registryId'> & { readonly stored: Registry | undefined };

const FORM = 'connect-form';

function MemoryNotice({ form }: { readonly form: ConnectForm }) {
  const store = useHostInfo().data?.credentialStore;
  if (store?.kind !== 'memory' || form.signIn === 'anonymous') return null;
  return <Banner tone="warning">{store.reason}</Banner>;
}

function ConnectBody(props: BodyProps) {
  const { stored, focus, onClose } = props;
  const hostRef = useRef<HTMLInputElement>(null);
  const userRef = useRef<HTMLInputElement>(null);
  const secretRef = useRef<HTMLInputElement>(null);
  const { form, errors, change, test, actions, startTest, submit, save } = useConnectForm({
    ...props,
    focusHost: () => hostRef.current?.focus(),
    focusSignIn: () => (userRef.current?.value === '' ? userRef : secretRef).current?.focus(),
  });
  const isEdit = stored !== undefined;
  // What is missing first: a token has no user name, a known user only lacks the secret.
  const signInRef = form.signIn === 'password' && form.username === '' ? userRef : secretRef;
  return (
    <Dialog
      open
      onClose={onClose}
      size="lg"
      title={isEdit ? `Edit ${stored.label}` : 'Add a registry'}
      description={isEdit ? undefined : 'Any registry that speaks the Docker or OCI protocol.'}
      initialFocus={focus === 'auth' ? signInRef : hostRef}
      footer={
        <Footer
          stored={stored}
          isTesting={test.state === 'running'}
          isSaving={save.isSaving}
          onTest={startTest}
          onClose={onClose}
        />
      }
    >
      <form id={FORM} className={css['form']} onSubmit={submit} noValidate>
        <ConnectFields
          form={form}
          errors={errors}
          onChange={change}
          keepsSecret={stored?.secret === 'keychain' || stored?.secret === 'memory'}
          hostRef={hostRef}
          userRef={userRef}
          secretRef={secretRef}
        />
        <MemoryNotice form={form} />
        <TestSteps test={test} actions={actions} />
        {save.error !== undefined && <ErrorState compact error={save.error} />}
      </form>
    </Dialog>
  );
}

type FooterProps = {
  readonly stored: Registry | undefined;
  readonly isTesting: boolean;
  readonly isSaving: boolean;
  readonly onTest: () => void;
  readonly onClose: () => void;
};

function Footer({ stored, isTesting, isSaving, onTest, onClose }: FooterProps) {
  const show = useDialogs((state) => state.show);
  return (
    <>
      {stored?.kind === 'remote' && (
        <Button
          variant="ghost"
          className={css['left']}
          onClick={() => {
            show({ kind: 'remove-registry', registryId: stored.id });
          }}
        >
          Remove…
        </Button>
      )}
      <Button icon={ConnectIcon} busy={isTesting} onClick={onTest}>
        Test connection
      </Button>
      <Button onClick={onClose}>Cancel</Button>
      <Button type="submit" form={FORM} variant="primary" busy={isSaving}>
        {stored === undefined ? 'Add registry' : 'Save'}
      </Button>
    </>
  );
}

/** Adds a registry or edits one; nothing is stored before Save. */
export function ConnectDialog({ registryId, ...rest }: ConnectDialogProps) {
  const registries = useRegistries().data;
  const stored = registries?.find(({ id }) => id === registryId);
  if (registryId !== undefined && stored === undefined) return null;
  return <ConnectBody {...rest} stored={stored} />;
}
