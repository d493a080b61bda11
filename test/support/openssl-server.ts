import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Certificate } from './certificates.ts';
import { accepts, comesUp } from './comes-up.ts';
import { freePort } from './free-port.ts';

export type OpensslServer = { readonly host: string; [Symbol.asyncDispose](): Promise<void> };

/** `openssl s_server` that demands a client certificate of `authority` in the handshake itself, as Node's cannot. */
export async function startOpensslServer(
  { key, certificate }: Certificate,
  authority: Certificate,
  version: 'TLSv1.2' | 'TLSv1.3',
): Promise<OpensslServer> {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-openssl-'));
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content, { mode: 0o600 });
    return join(folder, name);
  };
  const port = await freePort();
  const own = ['-key', file('key.pem', key), '-cert', file('certificate.pem', certificate)];
  const demand = ['-Verify', '1', '-verify_return_error', '-CAfile', file('ca.pem', authority.certificate)];
  const only = version === 'TLSv1.2' ? '-tls1_2' : '-tls1_3';
  const child = spawn(
    'openssl',
    ['s_server', '-accept', `127.0.0.1:${port}`, only, '-www', '-quiet', ...own, ...demand],
    {
      stdio: 'ignore',
    },
  );
  await comesUp(child, () => accepts(port));
  return {
    host: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      const gone = once(child, 'exit');
      if (child.exitCode === null) {
        child.kill('SIGKILL');
        await gone;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
