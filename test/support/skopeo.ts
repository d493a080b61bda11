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
