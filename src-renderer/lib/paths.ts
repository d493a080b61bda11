/** The tabs of an image page, in the order shown. */
export const IMAGE_TABS = [
  'overview',
  'platforms',
  'config',
  'layers',
  'files',
  'packages',
  'documents',
  'referrers',
  'raw',
] as const;
export type ImageTab = (typeof IMAGE_TABS)[number];

/** Route patterns for the router; addresses are made by the builders below only. */
export const ROUTES = {
  welcome: '/',
  registry: '/registry/:registryId',
  repository: '/registry/:registryId/repository/:repository',
  image: '/registry/:registryId/image/:repository/:reference/:tab',
  compare: '/compare',
  settings: '/settings',
  log: '/log',
  transfers: '/transfers',
  transfer: '/transfers/:transferId',
  gallery: '/gallery',
} as const;

/** The query parameter that holds the digest of the platform shown. */
export const PLATFORM_PARAM = 'platform';

/** The query parameter that holds the digest whose referrer this is said to be. */
export const REFERRER_OF_PARAM = 'referrer-of';

/** The query parameter that narrows the request log to one registry. */
export const LOG_HOST_PARAM = 'host';

export type RepositoryPlace = { readonly registryId: string; readonly repository: string };
export type ImagePlace = RepositoryPlace & {
  /** A tag or a digest. */
  readonly reference: string;
  readonly tab?: ImageTab;
  /** Digest of the child shown, for an index. */
  readonly platform?: string | undefined;
  /** Digest of the manifest in whose list of referrers it was found: checked against its subject. */
  readonly referrerOf?: string | undefined;
};

export function welcomePath(): string {
  return ROUTES.welcome;
}

export function settingsPath(): string {
  return ROUTES.settings;
}

/** The request log, of one registry when its host is given. */
export function logPath(registryHost?: string): string {
  return registryHost === undefined
    ? ROUTES.log
    : `${ROUTES.log}?${LOG_HOST_PARAM}=${encodeURIComponent(registryHost)}`;
}

/** All transfers; with an id, the details of one. */
export function transfersPath(transferId?: string): string {
  return transferId === undefined ? ROUTES.transfers : `${ROUTES.transfers}/${encodeURIComponent(transferId)}`;
}

export function registryPath(registryId: string): string {
  return `/registry/${encodeURIComponent(registryId)}`;
}

/** The repository is one segment: its slashes are encoded. */
export function repositoryPath({ registryId, repository }: RepositoryPlace): string {
  return `${registryPath(registryId)}/repository/${encodeURIComponent(repository)}`;
}

export function imagePath(place: ImagePlace): string {
  const { registryId, repository, reference, tab = 'overview', platform, referrerOf } = place;
  const path = [registryPath(registryId), 'image', encodeURIComponent(repository), encodeURIComponent(reference), tab];
  const query = [[PLATFORM_PARAM, platform] as const, [REFERRER_OF_PARAM, referrerOf] as const].flatMap(
    ([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]),
  );
  return `${path.join('/')}${query.length === 0 ? '' : `?${query.join('&')}`}`;
}

export function isImageTab(text: string | undefined): text is ImageTab {
  return IMAGE_TABS.some((tab) => tab === text);
}

/** What an address leads to. */
export type Place =
  | { readonly kind: 'welcome' }
  | { readonly kind: 'settings' }
  | { readonly kind: 'log' }
  | { readonly kind: 'transfers'; readonly transferId?: string }
  | { readonly kind: 'compare' }
  | { readonly kind: 'gallery' }
  | { readonly kind: 'registry'; readonly registryId: string }
  | ({ readonly kind: 'repository' } & RepositoryPlace)
  | ({ readonly kind: 'image'; readonly tab: ImageTab } & Omit<ImagePlace, 'tab'>)
  | { readonly kind: 'unknown' };

function decode(segment: string | undefined): string | undefined {
  try {
    return segment === undefined || segment === '' ? undefined : decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

function parseRegistryPlace(segments: readonly string[], query: URLSearchParams): Place {
  const [registryId, section, repository, reference, tab] = segments.map(decode);
  if (registryId === undefined) return { kind: 'unknown' };
  if (segments.length === 1) return { kind: 'registry', registryId };
  if (repository === undefined) return { kind: 'unknown' };
  if (section === 'repository' && segments.length === 3) return { kind: 'repository', registryId, repository };
  if (section !== 'image' || reference === undefined || !isImageTab(tab)) return { kind: 'unknown' };
  const platform = query.get(PLATFORM_PARAM) ?? undefined;
  const referrerOf = query.get(REFERRER_OF_PARAM) ?? undefined;
  return {
    kind: 'image',
    registryId,
    repository,
    reference,
    tab,
    platform,
    ...(referrerOf === undefined ? {} : { referrerOf }),
  };
}

function parseTransfersPlace(segments: readonly string[]): Place {
  const transferId = decode(segments[0]);
  if (segments.length > 1) return { kind: 'unknown' };
  return { kind: 'transfers', ...(transferId === undefined ? {} : { transferId }) };
}

/** Reads an address made by the builders above (path and query, without the `#`). */
export function parsePath(path: string): Place {
  const [pathname = '', search = ''] = path.split('?', 2);
  const [first, ...rest] = pathname.split('/').filter((segment) => segment !== '');
  if (first === undefined) return { kind: 'welcome' };
  if (first === 'registry') return parseRegistryPlace(rest, new URLSearchParams(search));
  if (first === 'transfers') return parseTransfersPlace(rest);
  if (rest.length === 0 && (first === 'settings' || first === 'log' || first === 'compare' || first === 'gallery'))
    return { kind: first };
  return { kind: 'unknown' };
}
