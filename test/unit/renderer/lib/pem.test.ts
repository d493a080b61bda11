import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readCertificate } from '#renderer/lib/der-certificate.ts';
import { readPem, readPemFile } from '#renderer/lib/pem.ts';
import { certificateAuthority, selfSigned } from '#test/support/certificates.ts';
import { hasTools } from '#test/support/tools.ts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe.skipIf(!hasTools('openssl'))('readPem', () => {
  it('reads whose certificates they are and until when, as Node does', async () => {
    const ca = await certificateAuthority('Example Company CA');
    const leaf = await ca.issue(['DNS:x.test'], { commonName: 'x.test' });
    const { certificates, brokenCount } = readPem(`a comment\n${leaf.certificate}\n${ca.certificate}`);
    expect(certificates.map(({ subject }) => subject)).toEqual(['x.test', 'Example Company CA']);
    expect(certificates[0]?.validTo).toBe(Date.parse(new X509Certificate(leaf.certificate).validTo));
    expect(brokenCount).toBe(0);
  });

  it('takes a file with certificate and key apart', async () => {
    const { certificate, key } = await selfSigned();
    const read = readPem(`${key}${certificate}`);
    expect(read.certificatePem).toBe(certificate.trim());
    expect(read.keyPem).toBe(key.trim());
    expect(read.isKeyEncrypted).toBe(false);
  });

  it('tells an encrypted key, in both of its forms', async () => {
    const { key } = await selfSigned();
    const encrypt = (...args: readonly string[]) =>
      execFileSync('openssl', [...args, '-passout', 'pass:secret'], { input: key, stdio: ['pipe', 'pipe', 'ignore'] });
    const modern = encrypt('pkcs8', '-topk8').toString();
    const older = encrypt('ec', '-aes256').toString();
    expect(readPem(modern)).toMatchObject({ isKeyEncrypted: true, keyPem: modern.trim() });
    expect(readPem(older)).toMatchObject({ isKeyEncrypted: true, keyPem: older.trim() });
  });

  it('counts a certificate that cannot be read, and leaves one without an end out', async () => {
    const { certificate } = await selfSigned();
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';
    expect(readPem(broken)).toMatchObject({ brokenCount: 1, certificates: [] });
    expect(readPem(certificate.replace(/-----END.*/s, '')).certificatePem).toBe('');
  });

  it('reads a bare DER file as a certificate, and says what a PKCS #12 file is', async () => {
    const { certificate } = await selfSigned();
    const der = new X509Certificate(certificate).raw;
    const read = await readPemFile(new Blob([new Uint8Array(der)]));
    expect(read.ok ? readPem(read.text).certificates.length : read.problem).toBe(1);
    expect(await readPemFile(new Blob([new Uint8Array([0x30, 3, 2, 1, 3])]))).toMatchObject({
      ok: false,
      problem: expect.stringContaining('openssl pkcs12'),
    });
    expect((await readPemFile(new Blob(['x'.repeat(300_000)]))).ok).toBe(false);
  });

  it('never throws, whatever one byte of a certificate becomes', async () => {
    const der = new X509Certificate((await selfSigned()).certificate).raw;
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.nat(255), (at, byte) => {
        const changed = Uint8Array.from(der, (was, index) => (index === at ? byte : was));
        const read = readCertificate(changed);
        expect(typeof (read?.subject ?? '')).toBe('string');
      }),
    );
  });
});

describe('readPem of anything', () => {
  it('holds nothing in a text that is no PEM', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(readPem(text)).toMatchObject({ certificates: [], keyPem: '' });
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(readCertificate(bytes)).toBeUndefined();
      }),
    );
  });
});
