import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A key of openssl's, locked with a passphrase. */
export async function lockKey(key: string, passphrase: string): Promise<string> {
  const folder = temporaryFolder();
  const [open, locked] = [join(folder, 'open.pem'), join(folder, 'locked.pem')];
  writeFileSync(open, key);
  await run('openssl', ['pkcs8', '-topk8', '-in', open, '-out', locked, '-passout', `pass:${passphrase}`]);
  return readFileSync(locked, 'utf8');
}
