/** What a host must give the engine. Everything else the engine does by itself. */
export type Ports = {
  readonly credentials: CredentialStore;
  readonly paths: AppPaths;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Absent where a page in a browser is all there is. */
  readonly dialogs?: Dialogs;
};

/** The system's own dialogs and its file manager. Paths are full; undefined when the person chose nothing. */
export type Dialogs = {
  /** An archive file, or the folder of an OCI layout. */
  chooseArchive(what: 'file' | 'folder'): Promise<string | undefined>;
  /** Where to save: a file, or a folder that is made or added to. The system has asked before one is replaced. */
  chooseDestination(suggestion: {
    readonly what: 'file' | 'folder';
    readonly name: string;
  }): Promise<string | undefined>;
  /** Shows it where it lies. False when it is not there any more. */
  reveal(path: string): Promise<boolean>;
};

export type AppPaths = {
  /** A folder of ours: database, local registry, caches. Exists, mode 0700. */
  readonly dataDir: string;
  /** The person's home, to look for docker and podman config. */
  readonly homeDir: string;
};

/** Where secrets live. `status` is in words a person reads; `reason` says why the keychain is not used. */
export type CredentialStoreStatus =
  | { readonly kind: 'keychain'; readonly name: string }
  | { readonly kind: 'memory'; readonly reason: string };

/** Keys are account names such as `registry.example.com (alice) #id`. Values are secrets: never logged. */
export type CredentialStore = {
  readonly status: CredentialStoreStatus;
  /** @throws {CredentialStoreError} */
  get(account: string): Promise<string | undefined>;
  /** @throws {CredentialStoreError} */
  set(account: string, secret: string): Promise<void>;
  /** False only when there was nothing to delete. @throws {CredentialStoreError} */
  delete(account: string): Promise<boolean>;
};

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Structured lines; `fields` must already be free of secrets. */
export type Logger = {
  log(level: LogLevel, event: string, fields?: Readonly<Record<string, string | number | boolean | undefined>>): void;
};

/** Milliseconds since the epoch, and timers a test can drive. */
export type Clock = {
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
};
