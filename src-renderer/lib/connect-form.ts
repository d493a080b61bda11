import type { ConnectionInput, Registry } from '#shared/api/registries.ts';
import { checkForm, cleanApiPrefix, cleanRepositoryPrefix } from './connect-checks.ts';
import { readChunkBytes, writeChunkBytes } from './chunk-size.ts';
import type { ConnectForm, FormErrors } from './connect-types.ts';

export type FormResult =
  | { readonly ok: true; readonly input: ConnectionInput }
  | { readonly ok: false; readonly errors: FormErrors };

export const emptyForm: ConnectForm = {
  host: '',
  label: '',
  plainHttp: false,
  skipVerification: false,
  signIn: 'anonymous',
  username: '',
  secret: '',
  caPem: '',
  clientCertificatePem: '',
  clientKeyPem: '',
  clientKeyPassphrase: '',
  proxy: 'system',
  proxyUrl: '',
  apiPrefix: '',
  repositoryPrefix: '',
  trustedTokenHosts: [],
  uploadHosts: [],
  uploadChunk: '',
};

/** A stored registry as a form; secret and key are not told, empty fields keep them. */
export function formOf(registry: Registry): ConnectForm {
  return {
    ...emptyForm,
    host: registry.host,
    label: registry.label === registry.host ? '' : registry.label,
    plainHttp: registry.plainHttp,
    skipVerification: registry.skipVerification,
    signIn: registry.auth.kind,
    username: registry.auth.kind === 'password' ? registry.auth.username : '',
    caPem: registry.tls.caPem ?? '',
    clientCertificatePem: registry.tls.clientCertificatePem ?? '',
    proxy: registry.proxy.kind,
    proxyUrl: registry.proxy.kind === 'url' ? registry.proxy.url : '',
    apiPrefix: registry.apiPrefix,
    repositoryPrefix: registry.repositoryPrefix,
    trustedTokenHosts: registry.trustedTokenHosts,
    uploadHosts: registry.uploadHosts,
    uploadChunk: writeChunkBytes(registry.uploadChunkBytes),
  };
}

function authOf(form: ConnectForm): ConnectionInput['auth'] {
  if (form.signIn === 'anonymous' || form.signIn === 'config') return { kind: form.signIn };
  if (form.secret === '') return { kind: 'unchanged' };
  if (form.signIn !== 'password') return { kind: form.signIn, secret: form.secret };
  return { kind: 'password', username: form.username, secret: form.secret };
}

function clientKeyOf({ clientKeyPem, clientKeyPassphrase }: ConnectForm) {
  if (clientKeyPem.trim() === '') return { kind: 'unchanged' } as const;
  const key = { kind: 'set', pem: clientKeyPem } as const;
  return clientKeyPassphrase === '' ? key : { ...key, passphrase: clientKeyPassphrase };
}

function tlsOf(form: ConnectForm): NonNullable<ConnectionInput['tls']> {
  const { caPem, clientCertificatePem } = form;
  return {
    ...(caPem.trim() === '' ? {} : { caPem }),
    ...(clientCertificatePem.trim() === ''
      ? {}
      : { clientCertificate: { pem: clientCertificatePem, key: clientKeyOf(form) } }),
  };
}

/** The input of `registries.add`, `update` and `test`, or what is missing, by field. */
export function readForm(form: ConnectForm, stored?: Registry): FormResult {
  const errors = checkForm(form, stored);
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  const label = form.label.trim();
  const chunk = readChunkBytes(form.uploadChunk);
  const input: ConnectionInput = {
    host: form.host.trim(),
    plainHttp: form.plainHttp,
    skipVerification: form.skipVerification,
    auth: authOf(form),
    ...(label === '' ? {} : { label }),
    tls: tlsOf(form),
    proxy: form.proxy === 'url' ? { kind: 'url', url: form.proxyUrl.trim() } : { kind: form.proxy },
    apiPrefix: cleanApiPrefix(form.apiPrefix),
    repositoryPrefix: cleanRepositoryPrefix(form.repositoryPrefix),
    trustedTokenHosts: [...form.trustedTokenHosts],
    uploadHosts: [...form.uploadHosts],
    ...(chunk === undefined ? {} : { uploadChunkBytes: chunk }),
  };
  return { ok: true, input };
}

function tokenServers(count: number): string {
  return count === 1 ? 'one trusted token server' : `${count} trusted token servers`;
}

/** What differs from the ordinary in the options, in a few words, for when they are folded away. */
export function optionsSummary(form: ConnectForm): string {
  const { trustedTokenHosts, uploadHosts } = form;
  const words: ReadonlyArray<readonly [isSo: boolean, words: string]> = [
    [form.plainHttp, 'plain HTTP'],
    [form.skipVerification, 'certificate not verified'],
    [form.caPem.trim() !== '', 'own authority'],
    [form.clientCertificatePem.trim() !== '', 'client certificate'],
    [form.proxy === 'none', 'no proxy'],
    [form.proxy === 'url', 'proxy'],
    [form.apiPrefix.trim() !== '', 'path prefix'],
    [form.repositoryPrefix.trim() !== '', 'mirror'],
    [trustedTokenHosts.length > 0, tokenServers(trustedTokenHosts.length)],
    [uploadHosts.length > 0, 'uploads to other servers'],
    [form.uploadChunk.trim() !== '', 'uploads in chunks'],
  ];
  return words.flatMap(([isSo, text]) => (isSo ? [text] : [])).join(', ');
}
