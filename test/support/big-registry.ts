import { type FakeRegistry, json, type Reply, startFakeRegistry } from './fake-registry.ts';
import { buildImage } from './oci-builder.ts';

export type BigRegistry = FakeRegistry & {
  readonly repository: string;
  /** When the first page of a list went out, as milliseconds since 1970; the last such page when there were several. */
  readonly firstPageAt: () => number;
};

type Names = { readonly key: 'tags' | 'repositories'; readonly path: string; readonly names: readonly string[] };

const REPOSITORY = 'acme/web';

/** Versions as a build server makes them: the registry's order is the order of their bytes. */
function tagNames(count: number): readonly string[] {
  return Array.from(
    { length: count },
    (_, index) => `v${1 + (index >> 12)}.${(index >> 6) & 63}.${index & 63}-b${index}`,
  );
}

function repositoryNames(count: number): readonly string[] {
  return Array.from(
    { length: count },
    (_, index) => `team-${index % 250}/service-${String(index).padStart(6, '0')}`,
  ).sort();
}

/** The pages of a list by the name after which they begin, made once: the server must not be what is measured. */
function pagesOf({ key, path, names }: Names, pageSize: number): ReadonlyMap<string, Reply> {
  const pages = new Map<string, Reply>();
  for (let start = 0; start < Math.max(1, names.length); start += pageSize) {
    const page = names.slice(start, start + pageSize);
    const link = `<${path}?last=${encodeURIComponent(page.at(-1) ?? '')}&n=${pageSize}>; rel="next"`;
    const { headers = {}, body = '' } = json({ ...(key === 'tags' ? { name: REPOSITORY } : {}), [key]: page }) as {
      headers?: Record<string, string>;
      body?: string;
    };
    const hasMore = start + pageSize < names.length;
    pages.set(names[start - 1] ?? '', { headers: hasMore ? { ...headers, link } : headers, body: Buffer.from(body) });
  }
  return pages;
}

/** A registry of one repository with very many tags, all of one image, and of very many repositories. */
export async function startBigRegistry(
  counts: { readonly tags?: number; readonly repositories?: number; readonly pageSize?: number } = {},
): Promise<BigRegistry> {
  const { tags = 100_000, repositories = 100_000, pageSize = 1000 } = counts;
  const image = buildImage();
  const contents = new Map([image, image.config, ...image.layers].map((built) => [built.descriptor.digest, built]));
  const tagPath = `/v2/${REPOSITORY}/tags/list`;
  const lists: Readonly<Record<string, ReadonlyMap<string, Reply>>> = {
    [tagPath]: pagesOf({ key: 'tags', path: tagPath, names: tagNames(tags) }, pageSize),
    '/v2/_catalog': pagesOf(
      { key: 'repositories', path: '/v2/_catalog', names: repositoryNames(repositories) },
      pageSize,
    ),
  };
  let firstPageAt = 0;
  const registry = await startFakeRegistry(({ path }): Reply | undefined => {
    const url = new URL(path, 'http://registry');
    const list = lists[url.pathname];
    if (list !== undefined) {
      const last = url.searchParams.get('last') ?? '';
      if (last === '') firstPageAt = performance.timeOrigin + performance.now();
      return list.get(last);
    }
    if (url.pathname === '/v2/') return json({});
    const digest = /(sha256:[0-9a-f]{64})$/.exec(url.pathname)?.[1];
    const content = url.pathname.includes('/manifests/') && digest === undefined ? image : contents.get(digest ?? '');
    if (content === undefined) return undefined;
    const { mediaType, digest: actual } = content.descriptor;
    return {
      headers: { 'content-type': mediaType, 'docker-content-digest': actual },
      body: Buffer.from(content.bytes),
    };
  });
  return Object.assign(registry, { repository: REPOSITORY, firstPageAt: () => firstPageAt });
}
