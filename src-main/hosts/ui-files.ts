import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { DiskError } from '../core/gantry-error.ts';

/** A file of the built page, ready to be sent. */
export type UiFile = { readonly body: Uint8Array<ArrayBuffer>; readonly headers: Readonly<Record<string, string>> };

/** The built page. `find` takes the path of a URL as it came, undecoded: it is looked up, never joined. */
export type UiFiles = { find(pathname: string): UiFile | undefined };

/** Files of any other kind (source maps, notes) are not served. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** The bundler puts a hash of the content into every name in this folder. */
const HASHED = '/assets/';

/**
 * Reads every file below `dir` once. What is found then is all that can ever be served, so no request names a path
 * on the disk.
 * @throws {DiskError} when the folder cannot be read or holds no index.html
 */
export async function loadUiFiles(dir: string): Promise<UiFiles> {
  const files = new Map(await readAll(dir));
  const index = files.get('/index.html');
  if (index === undefined) throw new DiskError(`the page has not been built: no index.html in ${dir}`);
  files.set('/', index);
  return { find: (pathname) => files.get(pathname) };
}

async function readAll(dir: string): Promise<[string, UiFile][]> {
  try {
    const entries = await readdir(dir, { recursive: true, withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const read = await Promise.all(paths.map((path) => readOne(dir, path)));
    return read.filter((file) => file !== undefined);
  } catch (error) {
    throw new DiskError(`the built page cannot be read from ${dir}`, { cause: error });
  }
}

async function readOne(dir: string, path: string): Promise<[string, UiFile] | undefined> {
  const type = CONTENT_TYPES[extname(path)];
  if (type === undefined) return undefined;
  const pathname = `/${relative(dir, path).split(sep).join('/')}`;
  const caching = pathname.startsWith(HASHED) ? 'public, max-age=31536000, immutable' : 'no-store';
  const body = new Uint8Array(await readFile(path));
  return [pathname, { body, headers: { 'content-type': type, 'cache-control': caching } }];
}
