import type { AppError } from '#shared/api/app-error.ts';
import type { Registry } from '#shared/api/registries.ts';
import { likelyMeantRegistry } from '#shared/oci/known-registries.ts';
import { OciError } from '#shared/oci/oci-error.ts';
import { isRepositoryName } from '#shared/oci/reference.ts';
import { parseRegistryHost } from '#shared/oci/registry-host.ts';
import { readChunkBytes } from './chunk-size.ts';
import type { ConnectForm, FormErrors, FormField } from './connect-types.ts';
import { readPem } from './pem.ts';

type Check = (form: ConnectForm, stored: Registry | undefined) => string | undefined;

/** The well-known registry that the typed host is one slip away from: asked about before a password is sent there. */
export function meantHost(typed: string): string | undefined {
  try {
    return likelyMeantRegistry(parseRegistryHost(typed).host);
  } catch (error) {
    if (error instanceof OciError) return undefined;
    throw error;
  }
}

/** Canonical `host[:port]`, or why the text is none. */
export function readHost(text: string): { readonly host: string } | { readonly problem: string } {
  try {
    return { host: parseRegistryHost(text).host };
  } catch (error) {
    if (!(error instanceof OciError)) throw error;
    return { problem: error.message };
  }
}

function checkHost({ host }: ConnectForm): string | undefined {
  if (host.trim() === '') return 'Type the host of the registry, such as ghcr.io';
  const read = readHost(host);
  return 'problem' in read ? `Not a registry host: ${read.problem}` : undefined;
}

/** True when the stored secret still fits: same kind of sign-in, same user. */
function mayKeepSecret(form: ConnectForm, stored: Registry | undefined): boolean {
  if (stored === undefined || stored.auth.kind !== form.signIn || stored.secret === 'missing') return false;
  return stored.auth.kind !== 'password' || stored.auth.username === form.username;
}

const checkSecret: Check = (form, stored) => {
  if (form.signIn === 'anonymous' || form.signIn === 'config') return undefined;
  if (form.secret !== '' || mayKeepSecret(form, stored)) return undefined;
  return form.signIn === 'password' ? 'Type the password or token' : 'Paste the token';
};

function checkAuthority({ caPem }: ConnectForm): string | undefined {
  if (caPem.trim() === '') return undefined;
  const { certificates, brokenCount, keyPem } = readPem(caPem);
  if (keyPem !== '') return 'There is a private key in it: only certificates belong here';
  if (brokenCount > 0) return 'A certificate in it is damaged: paste the whole block again';
  return certificates.length === 0 ? 'There is no certificate in it' : undefined;
}

/** The stored key goes on with the certificate it came with. */
export function keepsClientKey(form: ConnectForm, stored: Registry | undefined): boolean {
  return stored?.tls.hasClientKey === true && form.clientCertificatePem.trim() !== '';
}

function checkClientCertificate({ clientCertificatePem, clientKeyPem }: ConnectForm): string | undefined {
  if (clientCertificatePem.trim() === '') {
    return clientKeyPem.trim() === '' ? undefined : 'Add the certificate that belongs to the key';
  }
  const { certificates, brokenCount } = readPem(clientCertificatePem);
  if (brokenCount > 0) return 'The certificate is damaged: paste the whole block again';
  return certificates.length === 0 ? 'There is no certificate in it' : undefined;
}

const checkClientKey: Check = (form, stored) => {
  if (form.clientKeyPem.trim() === '') {
    const needsKey = form.clientCertificatePem.trim() !== '' && !keepsClientKey(form, stored);
    return needsKey ? 'Add the private key of the certificate' : undefined;
  }
  return readPem(form.clientKeyPem).keyPem === '' ? 'There is no private key in it' : undefined;
};

function checkPassphrase({ clientKeyPem, clientKeyPassphrase }: ConnectForm): string | undefined {
  const isMissing = readPem(clientKeyPem).isKeyEncrypted && clientKeyPassphrase === '';
  return isMissing ? 'The key is encrypted: type its passphrase' : undefined;
}

function checkProxy({ proxy, proxyUrl }: ConnectForm): string | undefined {
  if (proxy !== 'url') return undefined;
  const url = URL.parse(proxyUrl.trim());
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    return 'Type an address such as http://proxy.example.com:3128';
  }
  if (url.username !== '' || url.password !== '') return 'A user name or password cannot be part of it';
  return url.pathname === '/' && url.search === '' && url.hash === '' ? undefined : 'Only host and port belong here';
}

/** `registry/` becomes `/registry`; what is typed with the API's own `/v2` loses it. */
export function cleanApiPrefix(text: string): string {
  const path = text
    .trim()
    .replace(/^\/+/, '')
    .replace(/\/+$/, '')
    .replace(/(^|\/)v2$/, '');
  return path === '' ? '' : `/${path}`;
}

function checkApiPrefix({ apiPrefix }: ConnectForm): string | undefined {
  const path = cleanApiPrefix(apiPrefix);
  const isPath = path === '' || /^(\/[\w.~!$&'()*+,;=:@-]+)+$/.test(path);
  const hasDots = path.split('/').some((segment) => segment === '.' || segment === '..');
  return isPath && !hasDots ? undefined : 'Type a path such as /registry';
}

export function cleanRepositoryPrefix(text: string): string {
  return text.trim().replace(/^\/+/, '').replace(/\/+$/, '');
}

function checkRepositoryPrefix({ repositoryPrefix }: ConnectForm): string | undefined {
  const prefix = cleanRepositoryPrefix(repositoryPrefix);
  return prefix === '' || isRepositoryName(prefix) ? undefined : 'Type the beginning of repository names, such as hub';
}

const CHECKS: Readonly<Record<FormField, Check>> = {
  host: checkHost,
  username: ({ signIn, username }) => (signIn === 'password' && username === '' ? 'Type a user name' : undefined),
  secret: checkSecret,
  caPem: checkAuthority,
  clientCertificatePem: checkClientCertificate,
  clientKeyPem: checkClientKey,
  clientKeyPassphrase: checkPassphrase,
  proxyUrl: checkProxy,
  apiPrefix: checkApiPrefix,
  repositoryPrefix: checkRepositoryPrefix,
  trustedTokenHosts: () => undefined,
  uploadHosts: () => undefined,
  uploadChunk: ({ uploadChunk }) =>
    uploadChunk.trim() === '' || readChunkBytes(uploadChunk) !== undefined
      ? undefined
      : 'Type a size from 0.0625 to 1024, or nothing',
};

/** In the order they stand in the dialog. */
const FIELDS: readonly FormField[] = [
  'host',
  'username',
  'secret',
  'caPem',
  'clientCertificatePem',
  'clientKeyPem',
  'clientKeyPassphrase',
  'proxyUrl',
  'apiPrefix',
  'repositoryPrefix',
  'trustedTokenHosts',
  'uploadHosts',
  'uploadChunk',
];

function errorsBy(problemOf: (field: FormField) => string | undefined): FormErrors {
  const errors: Partial<Record<FormField, string>> = {};
  for (const field of FIELDS) {
    const problem = problemOf(field);
    if (problem !== undefined) errors[field] = problem;
  }
  return errors;
}

/** The field to go to first: they stand in the dialog in this order. */
export function firstField(errors: FormErrors): FormField | undefined {
  return FIELDS.find((field) => errors[field] !== undefined);
}

const BASIC: ReadonlySet<string> = new Set<FormField>(['host', 'username', 'secret']);

/** Whether it is among the options that are folded away at first. */
export function isOptionField(field: string): boolean {
  return !BASIC.has(field);
}

/** What is missing or malformed, by field; empty when the form can be sent. */
export function checkForm(form: ConnectForm, stored: Registry | undefined): FormErrors {
  return errorsBy((field) => CHECKS[field](form, stored));
}

/** Which field the engine means by the path of an issue. The longest match counts, so the narrow come first. */
const PATHS: ReadonlyArray<readonly [prefix: string, field: FormField]> = [
  ['host', 'host'],
  ['auth.username', 'username'],
  ['auth', 'secret'],
  ['tls.caPem', 'caPem'],
  ['tls.clientCertificate.key.passphrase', 'clientKeyPassphrase'],
  ['tls.clientCertificate.key', 'clientKeyPem'],
  ['tls.clientCertificate', 'clientCertificatePem'],
  ['proxy', 'proxyUrl'],
  ['apiPrefix', 'apiPrefix'],
  ['repositoryPrefix', 'repositoryPrefix'],
  ['trustedTokenHosts', 'trustedTokenHosts'],
  ['uploadHosts', 'uploadHosts'],
  ['uploadChunkBytes', 'uploadChunk'],
];

function fieldOf(path: string): FormField | undefined {
  return PATHS.find(([prefix]) => path === prefix || path.startsWith(`${prefix}.`))?.[1];
}

function sentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}

/** The engine's objections at the fields they are about; undefined when one is about none of them. */
export function fieldErrors(error: AppError | undefined): FormErrors | undefined {
  if (error?.kind !== 'invalid-input' || error.issues.length === 0) return undefined;
  const found = error.issues.map(({ path, message }) => ({ field: fieldOf(path), message: sentence(message) }));
  if (found.some(({ field }) => field === undefined)) return undefined;
  return errorsBy((field) => found.find((issue) => issue.field === field)?.message);
}
