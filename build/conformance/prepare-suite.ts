import { spawnSync } from 'node:child_process';
import { accessSync, constants, cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { z } from 'zod';
import { type Suite, SUITE_MODULE } from './suites.ts';

/** Something this machine lacks, in a sentence for a person. No verdict on the registry. */
export class NotAtHandError extends Error {}

const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache/conformance');
const downloadSchema = z.object({ Dir: z.string().optional(), Error: z.string().optional() });

/** Where Go may be: PATH, and where its own installer puts it. */
const goFolders = () => [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/go/bin'];

/** @throws {NotAtHandError} */
export function findGo(folders: readonly string[] = goFolders()): string {
  const names = process.platform === 'win32' ? ['go.exe'] : ['go'];
  for (const path of folders.flatMap((folder) => names.map((name) => join(folder, name)))) {
    if (isProgram(path)) return path;
  }
  throw new NotAtHandError('Go is not on this machine, and the conformance suite is a Go program.');
}

/**
 * The suite as a program, built once and kept under node_modules/.cache. `clone`: a clone of the specification's
 * repository to take the source from; without it Go fetches the source.
 * @throws {NotAtHandError} when the source or what it needs cannot be had
 */
export function prepareSuite(go: string, suite: Suite, clone: string | undefined): string {
  const folder = join(CACHE, suite.commit);
  const program = join(folder, process.platform === 'win32' ? 'suite.exe' : 'suite');
  if (isProgram(program)) return program;
  const source = join(folder, 'source');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(source, { recursive: true });
  if (clone === undefined) copyModule(go, suite, source);
  else copyFromClone(clone, suite, source);
  const { status, stderr } = spawnSync(go, suite.build(program), { cwd: source, encoding: 'utf8' });
  if (status !== 0) throw new NotAtHandError(`The conformance suite ${suite.id} does not build: ${lastLine(stderr)}`);
  rmSync(source, { recursive: true, force: true });
  return program;
}

/** Copied, because what lies in Go's module cache cannot be built as a module of its own. */
function copyModule(go: string, suite: Suite, source: string): void {
  const args = ['mod', 'download', '-json', `${SUITE_MODULE}@${suite.moduleVersion}`];
  const { stdout, stderr } = spawnSync(go, args, { cwd: source, encoding: 'utf8' });
  const found = stdout.trim() === '' ? { Error: stderr } : downloadSchema.parse(JSON.parse(stdout));
  if (found.Dir === undefined) {
    const why = lastLine(found.Error ?? stderr);
    throw new NotAtHandError(`The source of the conformance suite ${suite.id} cannot be fetched: ${why}`);
  }
  cpSync(found.Dir, source, { recursive: true, mode: constants.COPYFILE_FICLONE });
}

function copyFromClone(clone: string, suite: Suite, source: string): void {
  const archive = join(source, 'source.tar');
  const packed = spawnSync('git', ['-C', clone, 'archive', '-o', archive, `${suite.commit}:conformance`]);
  const unpacked = spawnSync('tar', ['-xf', archive, '-C', source]);
  if (packed.status !== 0 || unpacked.status !== 0 || !existsSync(join(source, 'go.mod'))) {
    throw new NotAtHandError(`${clone} holds no conformance suite at ${suite.commit}.`);
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const lastLine = (text: string) => text.trim().split('\n').at(-1)?.trim() ?? '';
