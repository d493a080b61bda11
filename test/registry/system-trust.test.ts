import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type Certificate, certificateAuthority } from '#test/support/certificates.ts';
import { json, startFakeRegistry } from '#test/support/fake-registry.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { hasTools } from '#test/support/tools.ts';

const child = join(import.meta.dirname, '../support/ping-child.ts');

/** What a process says of a registry where the system trusts what is in this file, as OpenSSL is told. */
async function ping(host: string, systemStore: string): Promise<string> {
  const env = { PATH: process.env['PATH'], SSL_CERT_FILE: systemStore, SSL_CERT_DIR: '/nonexistent' };
  const { stdout } = await promisify(execFile)(process.execPath, [child, host], { env, timeout: 60_000 });
  return stdout.trim();
}

// Elsewhere the store is not a file.
describe.skipIf(process.platform !== 'linux' || !hasTools('openssl'))('an authority that the system trusts', () => {
  it('is trusted for every registry, and no other is', async () => {
    const [authority, stranger] = await Promise.all([certificateAuthority(), certificateAuthority('a stranger')]);
    const tls = await authority.issue(['IP:127.0.0.1']);
    await using registry = await startFakeRegistry(() => json({}), { tls });
    const pingTrusting = ({ certificate }: Certificate) => {
      const path = join(temporaryFolder(), 'system.pem');
      writeFileSync(path, certificate);
      return ping(registry.host, path);
    };
    expect(await pingTrusting(stranger)).toBe('untrusted');
    expect(registry.lines).toEqual([]);
    expect(await pingTrusting(authority)).toBe('there');
    expect(new Set(registry.lines)).toEqual(new Set(['GET /v2/']));
  });
});
