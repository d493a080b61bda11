export type SignInKind = 'anonymous' | 'password' | 'bearer' | 'identity' | 'config';

/** What is typed in the connect dialog, as text. */
export type ConnectForm = {
  readonly host: string;
  readonly label: string;
  readonly plainHttp: boolean;
  readonly skipVerification: boolean;
  readonly signIn: SignInKind;
  readonly username: string;
  readonly secret: string;
  readonly caPem: string;
  readonly clientCertificatePem: string;
  /** Empty keeps the stored key. */
  readonly clientKeyPem: string;
  readonly clientKeyPassphrase: string;
  readonly proxy: 'system' | 'none' | 'url';
  readonly proxyUrl: string;
  readonly apiPrefix: string;
  readonly repositoryPrefix: string;
  readonly trustedTokenHosts: readonly string[];
  readonly uploadHosts: readonly string[];
  /** In MiB; empty leaves it to the engine. */
  readonly uploadChunk: string;
};

export type FormField =
  | 'host'
  | 'username'
  | 'secret'
  | 'caPem'
  | 'clientCertificatePem'
  | 'clientKeyPem'
  | 'clientKeyPassphrase'
  | 'proxyUrl'
  | 'apiPrefix'
  | 'repositoryPrefix'
  | 'trustedTokenHosts'
  | 'uploadHosts'
  | 'uploadChunk';
export type FormErrors = Partial<Readonly<Record<FormField, string>>>;
