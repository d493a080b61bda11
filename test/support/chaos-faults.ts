/** A request as the proxy saw it. Counts go on growing until it is over. */
export type SeenRequest = {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Bytes of its body that came. */
  requestBytes: number;
  /** Bytes of the answer's body that went back to the client. */
  responseBytes: number;
  /** What the client got; absent when it got no head. */
  status?: number;
  /** Its connection was closed before the answer was whole; by whom, that does not tell. */
  isBrokenOff?: true;
  /** When it came, on the proxy's own clock. */
  readonly atMs: number;
};

/** What goes wrong with one exchange. Bytes are of bodies. */
export type Fault =
  /** Answered by the proxy; the registry never hears of it. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** The request breaks off on both sides once so many bytes of it were passed on. */
  | { readonly kind: 'reset-request'; readonly afterBytes: number }
  /** The registry gets all of it and answers; the client gets a reset. */
  | { readonly kind: 'lose-answer' }
  | { readonly kind: 'reset-response'; readonly afterBytes: number }
  /** A clean end of the connection; `keepLength` says whether the answer had promised more. */
  | { readonly kind: 'end-response'; readonly afterBytes: number; readonly keepLength: boolean }
  | { readonly kind: 'flip-bit'; readonly atByte: number }
  /** The registry is asked without `Range`, as one that knows none. */
  | { readonly kind: 'ignore-range' }
  /** The head of a 206 says something else; undefined leaves `Content-Range` out. */
  | { readonly kind: 'content-range'; readonly value: string | undefined }
  | { readonly kind: 'delay'; readonly ms: number }
  /** Passed on when this is over. */
  | { readonly kind: 'wait'; readonly until: Promise<unknown> }
  /** The registry gets all of it and answers; the client is told nothing, and the connection stays. */
  | { readonly kind: 'hold-answer'; readonly onAnswer: () => void }
  /** Nothing more comes back after so many bytes, and the connection stays. */
  | { readonly kind: 'stall'; readonly afterBytes: number }
  | { readonly kind: 'throttle'; readonly bytesPerSecond: number };

export type Rule = {
  readonly match: (request: SeenRequest) => boolean;
  readonly fault: Fault;
  /** How many exchanges it strikes; every one when absent. */
  readonly times?: number;
};

/** `GET /v2/…/blobs/sha256:…`, or one digest. */
export function isBlobRead({ method, path }: SeenRequest, digest?: string): boolean {
  return method === 'GET' && /\/blobs\/sha(?:256|512):/.test(path) && (digest === undefined || path.includes(digest));
}

export function isUploadStart({ method, path }: SeenRequest): boolean {
  return method === 'POST' && path.includes('/blobs/uploads/');
}

export function isUploadData({ method, path }: SeenRequest): boolean {
  return (method === 'PATCH' || method === 'PUT') && path.includes('/blobs/uploads/');
}

export function isManifestPut({ method, path }: SeenRequest, reference?: string): boolean {
  return method === 'PUT' && /\/manifests\//.test(path) && (reference === undefined || path.endsWith(`/${reference}`));
}
