import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { base64, of, statement, viewOf } from '#test/support/documents.ts';
import { fulcioCertificate, type FulcioCertificate } from '#test/support/fulcio-certificate.ts';
import { hasTools } from '#test/support/tools.ts';

describe.skipIf(!hasTools('openssl'))('an envelope', () => {
  let certificate: FulcioCertificate;
  beforeAll(async () => void (certificate = await fulcioCertificate()));

  const expected = {
    subject: 'O=sigstore.dev, CN=intermediate',
    altNames: ['URI:https://github.com/acme/app/.github/workflows/r.yml@refs/tags/v1', 'email:a@example.com'],
    oidcIssuer: 'https://token.actions.githubusercontent.com',
    claims: [
      ['Source repository', 'https://github.com/acme/app'],
      ['Source repository ref', 'refs/tags/v1'],
    ],
    validFrom: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T/),
    fingerprint: expect.stringMatching(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/),
  };

  it('of DSSE is taken off, its signatures counted and not checked', () => {
    const payload = base64(statement('https://slsa.dev/provenance/v1', {}));
    const view = viewOf({
      payloadType: 'application/vnd.in-toto+json',
      payload,
      signatures: [{ keyid: 'k', sig: 'AA==' }, { sig: '' }],
    });
    expect(of('provenance', view).envelope).toEqual({
      format: 'dsse',
      payloadType: 'application/vnd.in-toto+json',
      signatures: [{ keyId: 'k', hasSignature: true }, { hasSignature: false }],
      transparencyLog: [],
      timestampCount: 0,
    });
  });

  it('of sigstore names the certificate’s identity and the log, whichever version', () => {
    const log = {
      logIndex: '42',
      logId: { keyId: 'abc' },
      integratedTime: '1767600000',
      kindVersion: { kind: 'dsse', version: '0.0.1' },
    };
    const rawBytes = certificate.raw;
    for (const material of [
      { certificate: { rawBytes } },
      { x509CertificateChain: { certificates: [{ rawBytes }] } },
    ]) {
      const view = viewOf({
        mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
        verificationMaterial: {
          ...material,
          tlogEntries: [log],
          timestampVerificationData: { rfc3161Timestamps: [{}, {}] },
        },
        dsseEnvelope: { payloadType: 'x', payload: base64(statement('t', {})), signatures: [{ sig: 'AA==' }] },
      });
      const { envelope } = of('statement', view);
      expect(envelope.signatures[0]).toMatchObject({ hasSignature: true, certificate: expected });
      expect(envelope.transparencyLog).toEqual([
        { logIndex: '42', logId: 'abc', integratedTime: '2026-01-05T08:00:00.000Z', kind: 'dsse' },
      ]);
      expect(envelope.timestampCount).toBe(2);
    }
  });

  it('of sigstore around a message has no statement', () => {
    const view = viewOf({
      mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.2',
      verificationMaterial: { publicKey: { hint: 'key' } },
      messageSignature: { messageDigest: { algorithm: 'SHA2_256', digest: 'AA==' }, signature: 'AA==' },
    });
    expect(of('envelope', view).envelope).toMatchObject({
      format: 'sigstore-bundle',
      signatures: [{ keyId: 'key', hasSignature: true }],
    });
  });

  it('is cosign’s: simple signing with certificate and log in the annotations', () => {
    const bundle = {
      SignedEntryTimestamp: 'x',
      Payload: { body: 'b', integratedTime: 1_767_600_000, logIndex: 7, logID: 'id' },
    };
    const view = viewOf(
      {
        critical: {
          identity: { 'docker-reference': 'ghcr.io/acme/app' },
          image: { 'docker-manifest-digest': 'sha256:aa' },
          type: 'cosign container image signature',
        },
        optional: { creator: 'me', nested: { a: 1 } },
      },
      [
        ['dev.cosignproject.cosign/signature', 'AA=='],
        ['dev.sigstore.cosign/certificate', certificate.pem],
        ['dev.sigstore.cosign/bundle', JSON.stringify(bundle)],
      ],
    );
    expect(of('signature', view)).toMatchObject({
      identity: 'ghcr.io/acme/app',
      manifestDigest: 'sha256:aa',
      optional: [
        ['creator', 'me'],
        ['nested.a', '1'],
      ],
      signature: { hasSignature: true, certificate: expected },
      transparencyLog: [{ logIndex: '7', logId: 'id', integratedTime: '2026-01-05T08:00:00.000Z' }],
    });
  });

  it('with a broken certificate is shown without one, however it is broken', () => {
    const raw = Buffer.from(certificate.raw, 'base64');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: raw.length - 1 }), fc.nat({ max: 255 })), { maxLength: 6 }),
        fc.nat({ max: raw.length }),
        (changes, length) => {
          const broken = Buffer.from(raw.subarray(0, length % 2 === 0 ? raw.length : length));
          for (const [at, byte] of changes) if (at < broken.length) broken[at] = byte;
          const view = viewOf({
            mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
            verificationMaterial: { certificate: { rawBytes: broken.toString('base64') } },
            messageSignature: {},
          });
          expect(of('envelope', view).envelope.signatures).toHaveLength(1);
        },
      ),
      { numRuns: 400 },
    );
  });
});
