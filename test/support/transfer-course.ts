import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { TransferDetail, TransferView } from '#main/core/transfer/transfers-types.ts';
import { type ImageOptions, type PushedImage, pushRandomImage } from '#test/bench/copy/images.ts';
import { isUploadData, type SeenRequest } from './chaos-faults.ts';
import { type ChaosProxy, startChaosProxy } from './chaos-proxy.ts';
import { type DockerRegistry, startDockerRegistry } from './docker-registry.ts';
import { password } from './engine.ts';
import { sendRaw } from './raw-http.ts';
import { image, into, startTransferRig, type TransferRig, type TransferRigOptions } from './transfers.ts';

const USER = 'alice';
/** To be found in nothing that is written or shown. */
export const CANARY = 'canary-8f2d1c';
const AUTHORIZATION = `Basic ${Buffer.from(`${USER}:${CANARY}`).toString('base64')}`;
const SECRETS = [CANARY, AUTHORIZATION.slice('Basic '.length)];

/** Two registries that ask for a password which is a canary. */
export type CourseRegistries = {
  readonly from: DockerRegistry;
  readonly to: DockerRegistry;
  [Symbol.asyncDispose](): Promise<void>;
};

export async function startCourseRegistries(): Promise<CourseRegistries> {
  const auth = { kind: 'htpasswd', username: USER, password: CANARY } as const;
  const [from, to] = await Promise.all([startDockerRegistry({ auth }), startDockerRegistry({ auth })]);
  return {
    from,
    to,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([from[Symbol.asyncDispose](), to[Symbol.asyncDispose]()]);
    },
  };
}

/** One image, a registry to copy it from and one that holds an older image under its tag, and what breaks both. */
export type Course = {
  readonly repository: string;
  readonly rig: TransferRig;
  readonly source: ChaosProxy;
  readonly destination: ChaosProxy;
  readonly image: PushedImage;
  readonly old: PushedImage;
  /** A plan that may write over the old image. */
  copy(): Promise<TransferView>;
  /** Starts it and gives its id. `expecting`: only what was there when it was planned may go. */
  begin(how?: 'whatever' | 'expecting'): Promise<string>;
  detail(jobId: string): Promise<TransferDetail>;
  /** I-TAG and I-TRUE: what a fresh GET of the tag gives is this image, whole. */
  expectWhole(which: 'old' | 'new' | PushedImage): Promise<void>;
  /** Another client writes the tag, at either registry. */
  moveTag(at: 'from' | 'to'): Promise<PushedImage>;
  /** I-SEC: the canary is in no log, view, and file of the transfers. */
  expectNoSecret(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

export type CourseOptions = Omit<TransferRigOptions, 'files'> & {
  readonly image?: Partial<Omit<ImageOptions, 'tag'>>;
};

let count = 0;

export async function startCourse(registries: CourseRegistries, options: CourseOptions = {}): Promise<Course> {
  const repository = `faults/${process.pid}-${(count += 1)}`;
  const shape = { layerCount: 2, layerMib: 1, authorization: AUTHORIZATION, tag: 'v1' };
  const pushed = await pushRandomImage(registries.from.host, repository, { ...shape, ...options.image });
  const old = await pushRandomImage(registries.to.host, repository, { ...shape, layerCount: 1 });
  const [source, destination] = await Promise.all([
    startChaosProxy(registries.from.host),
    startChaosProxy(registries.to.host),
  ]);
  const credential = password(USER, CANARY);
  const ends = { source: { host: source.host, credential }, destination: { host: destination.host, credential } };
  const rig = await startTransferRig(ends, options);
  const begin: Course['begin'] = async (how = 'whatever') => {
    const conflict = how === 'whatever' ? 'overwrite' : 'ask';
    const { planId, rows } = await rig.plan([image('source', `${repository}:v1`)], into('destination'), { conflict });
    expect(rows).toMatchObject([{ state: { kind: how === 'whatever' ? 'ready' : 'conflict' } }]);
    const decisions = how === 'whatever' ? [] : rows.map(({ rowId }) => [rowId, { kind: 'overwrite' }] as const);
    return rig.transfers.start(planId, new Map(decisions)).jobId;
  };
  const detail = (jobId: string) => detailOf(rig, jobId);
  return {
    repository,
    rig,
    source,
    destination,
    image: pushed,
    old,
    begin,
    copy: async () => rig.until(await begin(), ...SETTLED),
    detail,
    expectWhole: (which) => {
      const wanted = which === 'old' ? old : which === 'new' ? pushed : which;
      return expectWhole(registries.to.host, repository, wanted);
    },
    moveTag: (at) => pushRandomImage(registries[at].host, repository, { ...shape, layerCount: 1 }),
    expectNoSecret: () => expectNoSecret(rig),
    [Symbol.asyncDispose]: async () => {
      await rig.close();
      await Promise.all([source[Symbol.asyncDispose](), destination[Symbol.asyncDispose]()]);
    },
  };
}

/** States in which nothing more happens by itself. */
export const SETTLED = ['done', 'failed', 'conflict', 'cancelled', 'paused'] as const;

async function detailOf(rig: TransferRig, jobId: string): Promise<TransferDetail> {
  for await (const detail of rig.transfers.watchOne(jobId, AbortSignal.timeout(60_000))) return detail;
  throw new Error(`nothing known of ${jobId}`);
}

/** By requests of its own to the registry itself, past proxy and engine. */
async function expectWhole(host: string, repository: string, { manifest, blobs }: PushedImage): Promise<void> {
  const headers = { Authorization: AUTHORIZATION, Accept: 'application/vnd.oci.image.manifest.v1+json' };
  const get = (path: string) => sendRaw(host, { path: `/v2/${repository}/${path}`, headers });
  const found = await get('manifests/v1');
  expect(found.status).toBe(200);
  expect(found.body.toString()).toBe(manifest.toString());
  for (const { digest } of blobs) {
    const { status, body } = await get(`blobs/${digest}`);
    expect([status, `sha256:${createHash('sha256').update(body).digest('hex')}`]).toEqual([200, digest]);
  }
}

async function expectNoSecret(rig: TransferRig): Promise<void> {
  const details = await Promise.all(rig.transfers.list().map(({ jobId }) => detailOf(rig, jobId)));
  const shown = JSON.stringify([rig.log, details, await rig.entries()]);
  expect(shown.length).toBeGreaterThan(100);
  const entries = await readdir(rig.dataDir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const written = await Promise.all(files.map((file) => readFile(file, 'latin1')));
  expect(written.join('').length).toBeGreaterThan(100);
  for (const secret of SECRETS) {
    expect(shown).not.toContain(secret);
    for (const text of written) expect(text).not.toContain(secret);
  }
}

/** Digests of the blobs that were sent and taken whole, in order; one that was sent twice is there twice. */
export function uploadsOf({ destination }: { readonly destination: Pick<ChaosProxy, 'requests'> }): readonly string[] {
  const taken = destination.requests.filter((request) => isUploadData(request) && request.status === 201);
  return taken.map(({ path }) => new URL(path, 'http://registry').searchParams.get('digest') ?? '');
}

/** Bytes of bodies that went up, and that came down. */
export const sumSent = (requests: readonly SeenRequest[]): number =>
  requests.reduce((sum, { requestBytes }) => sum + requestBytes, 0);
export const sumReceived = (requests: readonly SeenRequest[]): number =>
  requests.reduce((sum, { responseBytes }) => sum + responseBytes, 0);
