import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

export type SmallDisk = {
  readonly path: string;
  /** False where none may be made: only root on Linux may, and not in every container. Its tests are skipped. */
  readonly isMounted: boolean;
};

/** A real disk of so many MiB, there until the tests of this file are over. */
export function smallDisk(sizeMib: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'gantry-full-'));
  const isMounted = mountSmallDisk(path, sizeMib);
  afterAll(() => {
    if (isMounted) unmount(path);
    rmSync(path, { recursive: true, force: true });
  });
  return { path, isMounted };
}

/** Puts one over a folder that is there; false where that may not be done. `unmount` takes it away. */
export function mountSmallDisk(path: string, sizeMib: number): boolean {
  const options = ['-t', 'tmpfs', '-o', `size=${sizeMib}m`, 'tmpfs', path];
  return process.platform === 'linux' && spawnSync('mount', options).status === 0;
}

/** At once, whoever still reads from it. */
export function unmount(path: string): void {
  spawnSync('umount', ['--lazy', path]);
}

/** Takes all room that is left. */
export function fillDisk(file: string): void {
  spawnSync('dd', ['if=/dev/zero', `of=${file}`, 'bs=4096'], { stdio: 'ignore' });
}
