import type { AppError, AppErrorKind } from '#shared/api/app-error.ts';
import { archiveText, diskText } from './archive-error-text.ts';
import { filesErrorText } from './files-error-text.ts';
import { formatBytes } from './format-bytes.ts';
import { transferErrorText } from './transfer-error-text.ts';

/** What a person can do about an error. */
export type ErrorAction =
  | 'sign-in'
  | 'retry'
  | 'edit-connection'
  | 'use-plain-http'
  | 'skip-verification'
  | 'add-authority'
  | 'set-client-certificate'
  | 'trust-host'
  | 'allow-upload-host'
  | 'pin';

/** How each is done here; told the error it is about. */
export type ErrorActions = Partial<Readonly<Record<ErrorAction, (error: AppError) => void>>>;

export type ErrorText = {
  /** A few words, no full stop. */
  readonly title: string;
  /** What it means and what to do, in sentences. */
  readonly detail: string;
  /** The one thing that most likely mends it. */
  readonly action?: ErrorAction;
  /** What mends it too, and is worth a button beside it. */
  readonly orElse?: ErrorAction;
};

type ErrorOf<K extends AppErrorKind> = Extract<AppError, { readonly kind: K }>;

const NETWORK: Readonly<Record<ErrorOf<'network'>['reason'], (host: string) => Omit<ErrorText, 'action'>>> = {
  dns: (host) => ({
    title: `${host} was not found`,
    detail: 'There is no such host name. Check the spelling, or that you are on the right network or VPN.',
  }),
  refused: (host) => ({
    title: `${host} refused the connection`,
    detail: 'Nothing answers on that port. Check the port, and that the registry runs.',
  }),
  unreachable: (host) => ({
    title: `${host} cannot be reached`,
    detail: 'There is no way to that host from here. Check your network or VPN.',
  }),
  reset: (host) => ({
    title: `${host} broke the connection off`,
    detail: 'The connection was closed before the answer was whole. Trying again often helps.',
  }),
  timeout: (host) => ({
    title: `${host} did not answer in time`,
    detail: 'The registry took too long. It may be busy, or a firewall drops the connection.',
  }),
  truncated: (host) => ({
    title: `${host} sent half an answer`,
    detail: 'The answer ended too early. Trying again often helps.',
  }),
  proxy: (host) => ({
    title: `The proxy did not let us through to ${host}`,
    detail: 'Check the proxy in the connection or in the environment, and whether it wants a password.',
  }),
  other: (host) => ({
    title: `The connection to ${host} failed`,
    detail: 'The network failed in a way that has no name. The details say more.',
  }),
};

type TlsText = Omit<ErrorText, 'title'> & { readonly title: (host: string) => string };

const notTrusted = (host: string) => `The certificate of ${host} is not trusted`;

const TLS: Readonly<Record<ErrorOf<'tls'>['reason'], TlsText>> = {
  'self-signed': {
    title: notTrusted,
    detail:
      'It signed its certificate itself. If you know it, add that certificate as an authority; skipping verification is the weaker way.',
    action: 'add-authority',
    orElse: 'skip-verification',
  },
  untrusted: {
    title: notTrusted,
    detail:
      'It comes from an authority this computer does not know. If it is your company’s, add the authority’s certificate for this registry.',
    action: 'add-authority',
    orElse: 'skip-verification',
  },
  expired: {
    title: (host) => `The certificate of ${host} is out of date`,
    detail: 'It has run out or is not valid yet. Its owner has to renew it; check your clock too.',
    action: 'skip-verification',
  },
  'wrong-host': {
    title: (host) => `The certificate of ${host} is for another name`,
    detail: 'You may be talking to another machine than you think.',
    action: 'skip-verification',
  },
  'not-tls': {
    title: (host) => `${host} does not speak HTTPS`,
    detail: 'If it is a plain HTTP registry, say so in the connection.',
    action: 'use-plain-http',
  },
  'client-certificate': {
    title: (host) => `${host} asks for a client certificate`,
    detail: 'It was shown none, or does not accept the one it was shown.',
    action: 'set-client-certificate',
  },
  'protocol-version': {
    title: (host) => `${host} speaks an outdated TLS`,
    detail: 'It offers only versions that are no longer safe. Its owner has to update it.',
    action: 'retry',
  },
  other: {
    title: (host) => `The secure connection to ${host} failed`,
    detail: 'It could not be set up. The details say more.',
    action: 'retry',
  },
};

const PROTOCOL: Readonly<Record<ErrorOf<'protocol'>['reason'], string>> = {
  'not-json': 'The answer should be JSON and is not.',
  html: 'The answer is a web page. The address may be that of a website or a sign-in portal, not of a registry.',
  empty: 'The answer is empty.',
  'too-deep': 'The answer is nested deeper than anything a registry has reason to send.',
  'bad-shape': 'The answer lacks what the specification asks for.',
  ambiguous: 'The document could be read in two ways, so it is not read at all.',
  'bad-size': 'The size that was stated is not the size that came.',
  encoding: 'The answer is compressed though nobody asked for it.',
  redirect: 'The registry sends requests on to an address that is not acceptable.',
  link: 'The address of the next page leads out of the registry.',
  challenge: 'The registry asks for a sign-in in a way that cannot be understood.',
  token: 'The token service gave an answer that is not a token.',
  'page-loop': 'The registry sends the same page again and again.',
  'stale-list':
    'What is shown was seen earlier. The registry can be asked again, but not for what follows: read it anew.',
  upload: 'The registry does not keep to the way an upload goes, so nobody can tell what it has.',
};

const UNSUPPORTED: Readonly<Record<ErrorOf<'unsupported'>['feature'], Omit<ErrorText, 'action'>>> = {
  catalog: {
    title: 'This registry does not list its repositories',
    detail:
      'Many public registries keep the catalog closed. Pin the repositories you use by name: everything else works.',
  },
  schema1: {
    title: 'Docker schema 1 manifest',
    detail: 'This format is obsolete since 2016. It can be looked at as raw JSON.',
  },
  'auth-scheme': {
    title: 'The sign-in method is not known',
    detail: 'The registry asks for a sign-in that is neither Basic nor Bearer.',
  },
  referrers: {
    title: 'This registry does not list referrers',
    detail: 'Neither the referrers endpoint nor the fallback tag is there, so signatures and SBOMs cannot be found.',
  },
  host: {
    title: 'This cannot be done from here',
    detail: 'A page in a browser has no way to it. The desktop app has.',
  },
  'media-type': {
    title: 'The media type is not known',
    detail: 'This document is of a type Gantry cannot show as more than raw bytes.',
  },
};

const MISSING: Readonly<Record<ErrorOf<'not-found'>['what'], Omit<ErrorText, 'action'>>> = {
  registry: {
    title: 'There is no registry at this address',
    detail: 'The host answers, but does not speak the registry protocol. Check the host and port.',
  },
  repository: {
    title: 'There is no such repository',
    detail: 'The registry does not know this name, or does not show it to you. Check the spelling, or sign in.',
  },
  manifest: {
    title: 'There is no such tag or digest',
    detail: 'The repository holds nothing under this reference. It may have been deleted or moved.',
  },
  blob: { title: 'The content is missing', detail: 'The manifest names content that the registry no longer has.' },
  archive: {
    title: 'That archive is not open any more',
    detail: 'It was closed, or Gantry was started anew. Open it again.',
  },
  transfer: {
    title: 'There is no such transfer any more',
    detail: 'It was taken out of the list, here or in another window.',
  },
  unknown: { title: 'Not found', detail: 'The registry has nothing at this address.' },
};

const HOST: Readonly<Record<ErrorOf<'host-unreachable'>['reason'], ErrorText>> = {
  gone: {
    title: 'Gantry itself does not answer',
    detail: 'The program behind this page has stopped or is busy. Start it again if it was closed.',
    action: 'retry',
  },
  session: {
    title: 'This page has lost its session',
    detail: 'Open the address printed in the terminal. Pressing Enter there prints a new one.',
  },
};

function signInText(error: ErrorOf<'unauthorized'>): ErrorText {
  if (error.hadCredential && error.trace?.hop === 'token') {
    return {
      title: 'The token server did not accept your sign-in',
      detail:
        'The registry answers and sends sign-ins there; the user name, password or token is wrong or has run out.',
      action: 'sign-in',
    };
  }
  if (error.hadCredential) {
    return {
      title: 'The registry did not accept your sign-in',
      detail: 'The user name, password or token is wrong or has run out.',
      action: 'sign-in',
    };
  }
  return { title: 'The registry asks you to sign in', detail: 'This cannot be read anonymously.', action: 'sign-in' };
}

function waitText(seconds: number | undefined): string {
  if (seconds === undefined) return 'Wait a little before trying again; signing in often raises the limit.';
  const wait = seconds < 120 ? `${Math.ceil(seconds)} seconds` : `${Math.ceil(seconds / 60)} minutes`;
  return `It asks to wait ${wait}. Signing in often raises the limit.`;
}

function statusText(error: ErrorOf<'registry'>): ErrorText {
  if (error.status >= 500)
    return {
      title: `The registry failed (HTTP ${error.status})`,
      detail: 'The fault is on its side. Try again later.',
      action: 'retry',
    };
  return {
    title: `The registry refused (HTTP ${error.status})`,
    detail: 'The details hold what it said.',
    action: 'retry',
  };
}

/** How the other scheme failed, in half a sentence; a reason we have no words for stands as it is. */
const ATTEMPTS: Partial<Record<string, string>> = {
  dns: 'there is no such host name',
  refused: 'nothing answers there',
  unreachable: 'there is no way to it from here',
  reset: 'it broke the connection off',
  timeout: 'it did not answer in time',
  truncated: 'it sent half an answer',
  proxy: 'the proxy did not let us through',
  'not-tls': 'it does not speak HTTPS there',
  'self-signed': 'its certificate is not trusted',
  untrusted: 'its certificate is not trusted',
  expired: 'its certificate is out of date',
  'wrong-host': 'its certificate is for another name',
};

/** The detail, and how the attempt by the other scheme went. */
function bothAttempts(detail: string, other: ErrorOf<'network' | 'tls'>['otherAttempt']): string {
  if (other === undefined) return detail;
  const scheme = other.url.startsWith('https:') ? 'HTTPS' : 'Plain HTTP';
  return `${detail} ${scheme} was tried too: ${ATTEMPTS[other.reason] ?? other.reason}.`;
}

function networkText({ reason, host, otherAttempt }: ErrorOf<'network'>): ErrorText {
  const { title, detail } = NETWORK[reason](host);
  const action = reason === 'proxy' ? 'edit-connection' : 'retry';
  return { title, detail: bothAttempts(detail, otherAttempt), action };
}

function tlsText({ reason, host, otherAttempt }: ErrorOf<'tls'>): ErrorText {
  const { title, detail, ...ways } = TLS[reason];
  return { title: title(host), detail: bothAttempts(detail, otherAttempt), ...ways };
}

function untrustedText({ host, registryHost, canTrust, forUpload }: ErrorOf<'untrusted-host'>): ErrorText {
  if (forUpload === true) {
    return {
      title: `${registryHost} wants uploads sent to ${host}`,
      detail:
        'Nothing was sent there. If you know that the two belong together, add it to the upload servers; your password or token never goes there.',
      action: 'allow-upload-host',
    };
  }
  if (canTrust === true) {
    return {
      title: `${registryHost} asks to send your password or token to ${host}`,
      detail: 'Trust it for this registry? Only if you know that the two belong together. Nothing has been sent there.',
      action: 'trust-host',
    };
  }
  return {
    title: `${registryHost} sends requests to ${host}`,
    detail: 'As far as can be told that host has nothing to do with this registry, so nothing was sent there.',
  };
}

const HELPER: Readonly<Record<ErrorOf<'credential-helper'>['reason'], readonly [title: string, detail: string]>> = {
  'bad-name': ['cannot be run', 'What is written there is not the name of a program.'],
  'not-found': ['is not installed', 'Install it, or sign in with a password or token of your own.'],
  timeout: ['did not answer in time', 'It may wait for you elsewhere: for a password, or for a locked keychain.'],
  failed: ['failed', 'The details hold what it said.'],
  'bad-answer': ['gave an answer that cannot be read', 'It may be of another version, or not a credential helper.'],
};

function helperText({ helper, reason, source }: ErrorOf<'credential-helper'>): ErrorText {
  const [what, advice] = HELPER[reason];
  return {
    title: `The credential helper ${helper} ${what}`,
    detail: `${source} says to ask it for this registry. ${advice} No other credential was tried in its place.`,
    action: 'sign-in',
  };
}

type ErrorsByKind = { readonly [K in AppErrorKind]: ErrorOf<K> };

/** One entry for every error there is: a new kind does not compile until it has words. */
const TEXT: { readonly [K in AppErrorKind]: (error: ErrorsByKind[K]) => ErrorText } = {
  unauthorized: signInText,
  forbidden: () => ({
    title: 'You may not see this',
    detail: 'You are signed in, but this account lacks the right. Ask its owner, or use another account.',
    action: 'sign-in',
  }),
  'not-found': ({ what }) => ({ ...MISSING[what], action: what === 'registry' ? 'edit-connection' : 'retry' }),
  'rate-limited': ({ retryAfterSeconds }) => ({
    title: 'The registry limits how often you may ask',
    detail: waitText(retryAfterSeconds),
    action: 'retry',
  }),
  unsupported: ({ feature }) =>
    feature === 'catalog' ? { ...UNSUPPORTED.catalog, action: 'pin' } : UNSUPPORTED[feature],
  registry: statusText,
  network: networkText,
  tls: tlsText,
  protocol: ({ reason }) => ({
    title: 'The answer is not one a registry gives',
    detail: PROTOCOL[reason],
    action: reason === 'html' ? 'edit-connection' : 'retry',
  }),
  'digest-mismatch': () => ({
    title: 'The content is not what its digest says',
    detail: 'What arrived was changed or damaged on the way or in the registry. It is not shown and not kept.',
    action: 'retry',
  }),
  'too-large': ({ what, limitBytes }) => ({
    title: 'Too large to open',
    detail: `The ${what} is larger than ${formatBytes(limitBytes)}, the most that is read at once.`,
  }),
  'untrusted-host': untrustedText,
  'invalid-input': ({ issues }) => ({
    title: 'That cannot be used as it is',
    detail: issues.map(({ message }) => message).join('; ') || 'A value is missing or malformed.',
  }),
  conflict: ({ what }) => ({ title: 'That is there already', detail: what }),
  transfer: ({ reason }) => transferErrorText(reason),
  'credential-store': ({ reason }) => ({
    title: 'The credential store did not work',
    detail: reason,
    action: 'retry',
  }),
  'credential-helper': helperText,
  'plaintext-auth': ({ host }) => ({
    title: `Your password was not sent to ${host}`,
    detail:
      'It is reached without encryption, so anyone on the way could read it. Allow plain HTTP if you trust the network.',
    action: 'use-plain-http',
  }),
  disk: (error) => ({ ...diskText(error), action: 'retry' }),
  archive: archiveText,
  files: filesErrorText,
  cancelled: () => ({ title: 'Stopped', detail: 'This was stopped before it was done.' }),
  'host-unreachable': ({ reason }) => HOST[reason],
  internal: ({ incidentId }) => ({
    title: 'Something went wrong in Gantry',
    detail: `The log has the details under ${incidentId}.`,
    action: 'retry',
  }),
};

function textOf<K extends AppErrorKind>(error: ErrorsByKind[K] & { readonly kind: K }): ErrorText {
  return TEXT[error.kind](error);
}

/** Text for a person, for every error there is. Names in it may come from a registry: show it through SafeText. */
export function errorText(error: AppError): ErrorText {
  return textOf(error);
}
