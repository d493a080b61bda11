import type { Registry } from '#shared/api/registries.ts';
import type { ConnectForm } from '../../lib/connect-types.ts';
import { useHostInfo } from '../../queries/host.ts';
import { useRegistries } from '../../queries/registries.ts';
import { useDialogs, type ConnectPrefill, type EditFocus } from '../../state/dialogs.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { ConnectIcon } from '../../ui/icons.ts';
import { ConnectionOptions } from './connection-options.tsx';
import css from './connect.module.css';
import { controlOf, FORM_ID } from './form-part.ts';
import { HostFields } from './host-fields.tsx';
import { Ladder } from './ladder.tsx';
import { ProtectionWarnings } from './protection-fields.tsx';
import { SignInFields } from './sign-in-fields.tsx';
import { useConnectForm } from './use-connect-form.ts';

export type ConnectDialogProps = {
  readonly onClose: () => void;
  /** For a new registry. */
  readonly prefill?: ConnectPrefill;
  /** Edits this one instead. */
  readonly registryId?: string;
  readonly focus?: EditFocus | undefined;
};

type BodyProps = Omit<ConnectDialogProps, 'registryId'> & { readonly stored: Registry | undefined };

function MemoryNotice({ form }: { readonly form: ConnectForm }) {
  const store = useHostInfo().data?.credentialStore;
  if (store?.kind !== 'memory' || form.signIn === 'anonymous' || form.signIn === 'config') return null;
  return <Banner tone="warning">{store.reason}</Banner>;
}

const FOCUS: Readonly<Record<EditFocus, readonly string[]>> = {
  // What is missing first: a token has no user name, a known user only lacks the secret.
  auth: ['username', 'secret'],
  options: ['host'],
  'plain-http': ['plainHttp'],
  verification: ['skipVerification'],
  authority: ['caPem'],
  'client-certificate': ['clientCertificatePem'],
  'upload-hosts': ['uploadHosts'],
};

/** Where the dialog begins: the first empty field of what was asked for, else the last of them. */
function startOf(focus: EditFocus | undefined): HTMLElement | null {
  const inputs = FOCUS[focus ?? 'options'].map((name) => controlOf(name)).filter((control) => control !== undefined);
  const isEmpty = (control: HTMLElement) => control instanceof HTMLInputElement && control.value === '';
  return inputs.find(isEmpty) ?? inputs.at(-1) ?? null;
}

function ConnectBody(props: BodyProps) {
  const { stored, focus, onClose } = props;
  const connect = useConnectForm(props);
  const { form, errors, change, test, save } = connect;
  const part = { form, errors, onChange: change, stored };
  return (
    <Dialog
      open
      onClose={onClose}
      size="lg"
      title={stored === undefined ? 'Add a registry' : `Edit ${stored.label}`}
      description={stored === undefined ? 'Any registry that speaks the Docker or OCI protocol.' : undefined}
      initialFocus={() => startOf(focus)}
      footer={
        <Footer
          stored={stored}
          isTesting={test.state === 'running'}
          isSaving={save.isSaving}
          onTest={connect.startTest}
          onClose={onClose}
        />
      }
    >
      <form id={FORM_ID} className={css['form']} onSubmit={connect.submit} noValidate>
        <HostFields {...part} />
        <SignInFields {...part} />
        <ConnectionOptions {...part} open={connect.isOpen} onToggle={connect.setOpen} />
        <ProtectionWarnings form={form} />
        <MemoryNotice form={form} />
        <Ladder test={test} host={form.host.trim()} actions={connect.actions} onDismiss={connect.dismissTest} />
        {connect.failure !== undefined && <ErrorState compact error={connect.failure} />}
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
      <Button type="submit" form={FORM_ID} variant="primary" busy={isSaving}>
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
