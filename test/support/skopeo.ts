import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** False on a machine without skopeo, where its tests are skipped; in CI a missing skopeo is a failure. */
export const hasSkopeo: boolean = spawnSync('skopeo', ['--version']).status === 0 || process.env['CI'] === 'true';

/** Runs skopeo and gives its standard output. */
export async function skopeo(...args: readonly string[]): Promise<string> {
  const { stdout } = await run('skopeo', [...args], { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** Copies with every platform, over plain http on either side. Extra options come first. */
export function skopeoCopy(source: string, destination: string, ...options: readonly string[]): Promise<string> {
  const insecure = ['--insecure-policy', '--src-tls-verify=false', '--dest-tls-verify=false'];
  return skopeo('copy', ...insecure, ...options, source, destination);
}

export type SkopeoLogin = { readonly username: string; readonly password: string };

/** Pushes an image of an OCI layout with all its platforms. `target` is `host:port/repository:tag`. */
export function skopeoPush(layout: string, tag: string, target: string, login?: SkopeoLogin): Promise<string> {
  const options = ['--all', '--preserve-digests', ...credentials('--dest-creds', login)];
  return skopeoCopy(`oci:${layout}:${tag}`, `docker://${target}`, ...options);
}

/** The raw manifest as skopeo fetches it, byte for byte. */
export function skopeoRawManifest(image: string, login?: SkopeoLogin): Promise<string> {
  return skopeo('inspect', '--raw', '--tls-verify=false', ...credentials('--creds', login), `docker://${image}`);
}

function credentials(flag: string, login: SkopeoLogin | undefined): readonly string[] {
  return login === undefined ? [] : [flag, `${login.username}:${login.password}`];
}
