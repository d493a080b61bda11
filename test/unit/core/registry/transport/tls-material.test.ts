import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { InvalidInputError } from '#main/core/gantry-error.ts';
import type { TlsChoice } from '#main/core/registry/registry-client.ts';
import { readTlsMaterial } from '#main/core/registry/transport/tls-material.ts';
import { type Authority, type Certificate, certificateAuthority } from '#test/support/certificates.ts';
import { run } from '#test/support/run.ts';
import { hasTools } from '#test/support/tools.ts';

function refused(choice: TlsChoice): { readonly path: string; readonly message: string } {
  try {
    readTlsMaterial(choice);
  } catch (error) {
    if (error instanceof InvalidInputError) return { path: error.path, message: error.message };
    throw error;
  }
  throw new Error('expected an InvalidInputError');
}

const CERTIFICATE = 'tls.clientCertificate.pem';
const KEY = 'tls.clientCertificate.key.pem';
const PASSPHRASE = 'tls.clientCertificate.key.passphrase';

describe.skipIf(!hasTools('openssl'))('readTlsMaterial', () => {
  let authority: Authority;
  let alice: Certificate;
  beforeAll(async () => {
    authority = await certificateAuthority();
    alice = await authority.issue(['DNS:alice'], { client: true });
  });
  const client = (certificatePem: string, keyPem: string, passphrase?: string): TlsChoice => ({
    client: { certificatePem, keyPem, ...(passphrase === undefined ? {} : { passphrase }) },
  });
  const encrypted = (passphrase: string) =>
    createPrivateKey(alice.key).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }).toString();

  it('takes several authorities with text around them', () => {
    const text = `Company root\n${authority.certificate}\n# and\r\n${alice.certificate}`;
    expect(readTlsMaterial({ caPem: text }).authorities).toHaveLength(2);
  });

  it('says nothing of what it was made from, and tells two materials apart', () => {
    const material = readTlsMaterial(client(alice.certificate, alice.key));
    expect(material.id).toMatch(/^[0-9a-f]{64}$/);
    expect(readTlsMaterial(client(alice.certificate, alice.key)).id).toBe(material.id);
    expect(readTlsMaterial({ caPem: authority.certificate }).id).not.toBe(material.id);
    expect(readTlsMaterial({ caPem: ' ' }).id).toBe(readTlsMaterial(undefined).id);
  });

  it('opens an encrypted key by its passphrase', () => {
    const { client: made } = readTlsMaterial(client(alice.certificate, encrypted('pass'), 'pass'));
    expect(made?.keyPem).toContain('BEGIN PRIVATE KEY');
  });

  it.each([
    ['no PEM at all', () => ({ caPem: 'hello' }), 'tls.caPem', 'no certificate'],
    [
      'a broken certificate',
      () => ({ caPem: authority.certificate.replace(/\n[^\n]{20}/, '\n') }),
      'tls.caPem',
      'unreadable',
    ],
    ['a key among authorities', () => ({ caPem: alice.key + alice.certificate }), 'tls.caPem', 'private key'],
    ['no client certificate', () => client('hello', alice.key), CERTIFICATE, 'no certificate'],
    ['a key in the certificate', () => client(alice.certificate + alice.key, alice.key), CERTIFICATE, 'private key'],
    ['no key', () => client(alice.certificate, 'hello canary'), KEY, 'no private key'],
    ['a certificate for a key', () => client(alice.certificate, alice.certificate), KEY, 'no private key'],
    ['the key of another', () => client(alice.certificate, authority.key), KEY, 'does not belong'],
    ['the issuer first', () => client(authority.certificate + alice.certificate, alice.key), KEY, 'must come first'],
    ['no passphrase', () => client(alice.certificate, encrypted('canary')), PASSPHRASE, 'is needed'],
    ['a wrong passphrase', () => client(alice.certificate, encrypted('right'), 'canary'), PASSPHRASE, 'does not open'],
  ] as const)('names the field for %s', (_name, choice, path, words) => {
    const { path: named, message } = refused(choice());
    expect(named).toBe(path);
    expect(message).toContain(words);
    expect(message).not.toContain('canary');
  });

  it('refuses a key that OpenSSL finds too weak, before any connection', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const keyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const weak = await selfSignedBy(keyPem);
    expect(refused(client(weak, keyPem)).path).toBe(CERTIFICATE);
  });

  it('refuses any other text by a field, and with no other error', () => {
    const pem = fc.constantFrom(
      '-----BEGIN CERTIFICATE-----',
      '-----END CERTIFICATE-----',
      '-----BEGIN ',
      'AAAA',
      '\n',
      '-',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(pem).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, text, (certificatePem, keyPem) => {
        expect(refused({ client: { certificatePem, keyPem } }).path).toMatch(/^tls\.clientCertificate\./);
      }),
    );
  });
});

/** A certificate for a key that openssl's own security level would not make one for. */
async function selfSignedBy(keyPem: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-weak-'));
  try {
    const [key, out] = [join(folder, 'key.pem'), join(folder, 'out.pem')];
    writeFileSync(key, keyPem, { mode: 0o600 });
    await run('openssl', ['req', '-x509', '-key', key, '-subj', '/CN=weak', '-days', '2', '-out', out]);
    return readFileSync(out, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
