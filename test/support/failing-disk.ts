import { spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const WHOLE_BYTES = 96 * 1024 * 1024;
/** What is left has the file system's own tables, and no room for what is in files. */
const LEFT_BYTES = 4 * 1024 * 1024;

export type FailingDisk = {
  readonly path: string;
  /** False where none may be made: only root on Linux may, and not in every container. Its tests are skipped. */
  readonly isMounted: boolean;
  /** From now on its blocks are gone: whoever makes sure that bytes have reached them is told EIO. */
  fail(): void;
  mend(): void;
};

function run(command: string, ...args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/** A real file system on a block device that can lose most of its blocks, there until the tests of this file are over. */
export function failingDisk(): FailingDisk {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-failing-'));
  const image = join(folder, 'disk');
  const path = join(folder, 'mounted');
  mkdirSync(path);
  writeFileSync(image, '');
  truncateSync(image, WHOLE_BYTES);
  const isLinux = process.platform === 'linux';
  const isMade = isLinux && run('mkfs.ext4', '-q', '-b', '4096', '-O', '^has_journal', image) !== undefined;
  const device = isMade ? run('losetup', '--find', '--show', image) : undefined;
  const isMounted = device !== undefined && run('mount', device, path) !== undefined;
  const resize = (bytes: number): void => {
    truncateSync(image, bytes);
    run('losetup', '--set-capacity', device ?? '');
  };
  afterAll(() => {
    if (isMounted) run('umount', path);
    if (device !== undefined) run('losetup', '--detach', device);
    rmSync(folder, { recursive: true, force: true });
  });
  return { path, isMounted, fail: () => resize(LEFT_BYTES), mend: () => resize(WHOLE_BYTES) };
}
