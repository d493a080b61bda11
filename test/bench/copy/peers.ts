import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { which } from '../../../build/setup/tools.mjs';
import { findGoTool } from '../../support/go-tools.ts';
import type { PushedImage } from './images.ts';

/** One copy: whole repositories by all their tags, or one tag. Hosts speak plain http. */
export type Errand = {
  readonly source: string;
  readonly destination: string;
  readonly repository: string;
  readonly tags: readonly string[];
};

/** Another program that copies; `tuned` has more lanes than it takes by itself. */
export type Peer = {
  readonly name: string;
  readonly isTuned: boolean;
  readonly copy: (errand: Errand) => Promise<void>;
};

/** Those that are on this machine. */
export function findPeers(): readonly Peer[] {
  const crane = findGoTool('crane');
  const regctl = findGoTool('regctl');
  const oras = findGoTool('oras');
  const skopeo = which('skopeo');
  return [
    ...(crane === undefined ? [] : [cranePeer(crane), cranePeer(crane, 16), cranePeer(crane, 32)]),
    ...(skopeo === undefined ? [] : [skopeoPeer(skopeo)]),
    ...(regctl === undefined ? [] : [regctlPeer(regctl), regctlPeer(regctl, 16)]),
    ...(oras === undefined ? [] : [orasPeer(oras), orasPeer(oras, 16)]),
  ];
}

function cranePeer(program: string, jobs?: number): Peer {
  const flags = ['--insecure', ...(jobs === undefined ? [] : ['--jobs', String(jobs)])];
  return peer('crane', jobs, async ({ source, destination, repository, tags }) => {
    if (tags.length > 1) {
      await run(program, ['copy', '--all-tags', ...flags, `${source}/${repository}`, `${destination}/${repository}`]);
    } else {
      const [from, to] = pair({ source, destination, repository, tags });
      await run(program, ['copy', ...flags, from, to]);
    }
  });
}

function skopeoPeer(program: string): Peer {
  const flags = ['--src-tls-verify=false', '--dest-tls-verify=false'];
  return peer('skopeo', undefined, async ({ source, destination, repository, tags }) => {
    if (tags.length > 1) {
      const sync = ['--insecure-policy', 'sync', '--all', '--src', 'docker', '--dest', 'docker', ...flags];
      await run(program, [...sync, `${source}/${repository}`, destination]);
    } else {
      const [from, to] = pair({ source, destination, repository, tags });
      await run(program, ['--insecure-policy', 'copy', '--all', ...flags, `docker://${from}`, `docker://${to}`]);
    }
  });
}

function regctlPeer(program: string, concurrent?: number): Peer {
  return peer('regctl', concurrent, async ({ source, destination, repository, tags }) => {
    const home = mkdtempSync(join(tmpdir(), 'gantry-regctl-'));
    const host = { tls: 'disabled', ...(concurrent === undefined ? {} : { reqConcurrent: concurrent }) };
    writeFileSync(join(home, 'config.json'), JSON.stringify({ hosts: { [source]: host, [destination]: host } }));
    const env = { ...process.env, REGCTL_CONFIG: join(home, 'config.json') };
    try {
      for (const tag of tags) {
        const [from, to] = pair({ source, destination, repository, tags: [tag] });
        await run(program, ['image', 'copy', from, to], env);
      }
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });
}

function orasPeer(program: string, concurrent?: number): Peer {
  const flags = ['--from-plain-http', '--to-plain-http'];
  const lanes = concurrent === undefined ? [] : ['--concurrency', String(concurrent)];
  return peer('oras', concurrent, async ({ source, destination, repository, tags }) => {
    for (const tag of tags) {
      const [from, to] = pair({ source, destination, repository, tags: [tag] });
      await run(program, ['cp', ...flags, ...lanes, from, to]);
    }
  });
}

function peer(name: string, lanes: number | undefined, copy: Peer['copy']): Peer {
  return { name: lanes === undefined ? name : `${name} (${lanes} lanes)`, isTuned: lanes !== undefined, copy };
}

function pair({ source, destination, repository, tags }: Errand): readonly [from: string, to: string] {
  const name = `${repository}:${tags[0] ?? ''}`;
  return [`${source}/${name}`, `${destination}/${name}`];
}

/**
 * The floor: curl reads each blob and another curl puts it, a few at a time, with nothing checked or asked for.
 * @param lanes how many at a time
 */
export async function copyWithCurl(errand: Errand, image: PushedImage, lanes: number): Promise<void> {
  const { source, destination, repository } = errand;
  const queue = [...image.blobs];
  const work = async () => {
    for (let blob = queue.shift(); blob !== undefined; blob = queue.shift()) {
      await run('sh', ['-c', CURL, 'sh', source, destination, repository, blob.digest]);
    }
  };
  await Promise.all(Array.from({ length: lanes }, work));
}

const CURL = `set -e
location=$(curl -sf -D - -o /dev/null -X POST "http://$2/v2/$3/blobs/uploads/" | tr -d '\\r' | sed -n 's/^[Ll]ocation: //p')
case $location in /*) location="http://$2$location" ;; esac
case $location in *\\?*) location="$location&digest=$4" ;; *) location="$location?digest=$4" ;; esac
curl -sf "http://$1/v2/$3/blobs/$4" | curl -sf -o /dev/null -X PUT -H 'Content-Type: application/octet-stream' -H 'Expect:' -T - "$location"`;

async function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-2000);
  });
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${status} ${stderr}`);
}
