import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { rolldown, type RolldownPlugin } from 'rolldown';
import { nodeWorkers } from '../../build/node-workers.ts';
import { ENGINE_FLAGS } from '../../build/setup/node-runtime.mjs';
import { type BenchBlob, FILES, makeEstargzLayer, makeGzipLayer, makeZstdChunkedLayer } from './layers/make-layers.ts';
import type { OpenJob, OpenResult } from './layers/open-child.ts';
import { absoluteCase, type BenchCase, interleave, median, relativeCase } from './measure.ts';

const run = promisify(execFile);

function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), join(homedir(), 'go/bin')];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

async function startBlobServer(
  folder: string,
  blobs: readonly BenchBlob[],
): Promise<{ host: string; child: ChildProcess }> {
  const list = join(folder, 'blobs.json');
  writeFileSync(list, JSON.stringify(blobs));
  const script = join(import.meta.dirname, 'layers/blob-server.ts');
  const child = spawn(process.execPath, [script, list], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return { host: `127.0.0.1:${port.toString().trim()}`, child };
}

/** A pipe of programs that lists as many files as there are; NaN where one of them is missing. */
async function timedPipe(programs: readonly string[], command: string): Promise<number> {
  if (programs.some((program) => findProgram(program) === undefined)) return Number.NaN;
  const started = performance.now();
  const count = await new Promise<number>((resolve, reject) => {
    execFile('bash', ['-o', 'pipefail', '-c', `${command} | wc -l`], (error, stdout) => {
      if (error === null) resolve(Number(stdout));
      else reject(error);
    });
  });
  if (count !== FILES) throw new Error(`${command}: ${count} files in place of ${FILES}`);
  return performance.now() - started;
}

/** An archive of an image with this one layer, as `docker save` writes it, for dive. */
async function makeDockerArchive(folder: string, layer: BenchBlob): Promise<string> {
  const config = {
    architecture: 'amd64',
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: [layer.digest] },
    history: [{ created_by: 'bench' }],
  };
  const name = basename(layer.path);
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  writeFileSync(
    join(folder, 'manifest.json'),
    JSON.stringify([{ Config: 'config.json', RepoTags: ['bench:latest'], Layers: [name] }]),
  );
  const archive = join(folder, 'archive.tar');
  await run('tar', ['-cf', archive, '-C', folder, 'manifest.json', 'config.json', name]);
  return archive;
}

/** How long dive takes for the same layer on disk, without its screen; NaN where it is missing or cannot. */
async function timedDive(folder: string, layer: BenchBlob): Promise<number> {
  const dive = findProgram('dive');
  if (dive === undefined) return Number.NaN;
  const archive = await makeDockerArchive(folder, layer);
  const started = performance.now();
  try {
    await run(dive, ['--source', 'docker-archive', archive], { env: { ...process.env, CI: 'true' } });
    return performance.now() - started;
  } catch {
    return Number.NaN;
  } finally {
    rmSync(archive);
  }
}

/** What opens a layer, bundled as the application is: its threads start from one file each. */
async function bundleChild(folder: string): Promise<string> {
  const input = join(import.meta.dirname, 'layers/open-child.ts');
  const bundle = await rolldown({ input, platform: 'node', plugins: [nodeWorkers() as RolldownPlugin] });
  const dir = join(folder, 'bundle');
  await bundle.write({ dir, format: 'es', entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' });
  await bundle.close();
  return join(dir, 'open-child.mjs');
}

/** Opens a layer in a fresh process, which is as the web host's, with an empty folder. */
async function openFresh(script: string, folder: string, job: Omit<OpenJob, 'folder'>): Promise<OpenResult> {
  const kept = mkdtempSync(join(folder, 'kept-'));
  const file = join(kept, 'job.json');
  writeFileSync(file, JSON.stringify({ ...job, folder: join(kept, 'layers') }));
  const output = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, [...ENGINE_FLAGS, script, file], (error, stdout) =>
      error === null ? resolve(stdout) : reject(error),
    );
  });
  rmSync(kept, { recursive: true });
  const result = JSON.parse(output) as OpenResult;
  if (result.entryCount !== FILES) throw new Error(`${result.entryCount} entries in place of ${FILES}`);
  return result;
}

/** `npm run bench -- layers`: a layer of 1.2 GB and 195,000 files from a registry on this machine. */
export async function benchLayers({ runs }: { runs: number }): Promise<BenchCase[]> {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-bench-'));
  const blobs = {
    gzip: await makeGzipLayer(folder),
    estargz: makeEstargzLayer(folder),
    zstd: makeZstdChunkedLayer(folder),
  };
  const script = await bundleChild(folder);
  const { host, child } = await startBlobServer(folder, Object.values(blobs));
  try {
    const opened: Record<keyof typeof blobs, OpenResult[]> = { gzip: [], estargz: [], zstd: [] };
    const open = async (which: keyof typeof blobs) => {
      const result = await openFresh(script, folder, { host, blob: blobs[which], readsFile: false });
      opened[which].push(result);
      return result.openMs;
    };
    const url = `http://${host}/v2/acme/layers/blobs/${blobs.gzip.digest}`;
    const crane = findProgram('crane') ?? 'crane';
    const measured = await interleave(runs, {
      ours: () => open('gzip'),
      curl: () => timedPipe(['curl', 'gzip', 'tar'], `curl -sf ${url} | gzip -dc | tar t`),
      crane: () => timedPipe(['crane', 'tar'], `${crane} export --insecure ${host}/acme/layers:latest - | tar t`),
      estargz: () => open('estargz'),
      zstd: () => open('zstd'),
    });
    const dive = await timedDive(folder, blobs.gzip);
    const withFile = await openFresh(script, folder, { host, blob: blobs.gzip, readsFile: true });
    return toCases(measured, opened, { withFile, dive });
  } finally {
    child.kill();
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
    rmSync(folder, { recursive: true });
  }
}

type Measured = Readonly<Record<'ours' | 'curl' | 'crane' | 'estargz' | 'zstd', readonly number[]>>;
/** What is measured a single time. */
type Once = { readonly withFile: OpenResult; readonly dive: number };
type Opened = Readonly<Record<'gzip' | 'estargz' | 'zstd', readonly OpenResult[]>>;

function toCases(measured: Measured, opened: Opened, { withFile, dive }: Once): BenchCase[] {
  const curl = { 'curl | gzip -dc | tar t': median(measured.curl) };
  const crane = { 'crane export | tar t': median(measured.crane) };
  const of = (which: keyof Opened, field: 'againMs' | 'growthMiB' | 'requests') =>
    median(opened[which].map((each) => each[field]));
  const ours = median(measured.ours);
  return [
    relativeCase('layers: 195,000 files in 1.2 GB, gzip', 'ms', ours, 0.45, curl),
    // dive's time is shown, not judged.
    withPeer(relativeCase('layers: the same beside crane', 'ms', ours, 0.3, crane), 'dive, from disk', dive),
    absoluteCase('layers: open again and list a folder', 'ms', of('gzip', 'againMs'), 50),
    absoluteCase('layers: memory growth of the engine', 'MiB', of('gzip', 'growthMiB'), 100),
    absoluteCase('layers: requests for one file after the blob went', 'requests', withFile.fileRequests, 1),
    absoluteCase('layers: read for that file', 'MiB', withFile.fileRangeMiB, 4),
    relativeCase('layers: the table of eStargz', 'ms', median(measured.estargz), 0.1, curl),
    absoluteCase('layers: requests for the table of eStargz', 'requests', of('estargz', 'requests'), 2),
    relativeCase('layers: the table of zstd:chunked', 'ms', median(measured.zstd), 0.1, curl),
    absoluteCase('layers: requests for the table of zstd:chunked', 'requests', of('zstd', 'requests'), 2),
  ];
}

function withPeer(item: BenchCase, name: string, value: number): BenchCase {
  return Number.isFinite(value) ? { ...item, peers: { ...item.peers, [name]: value } } : item;
}
