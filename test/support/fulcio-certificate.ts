import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './run.ts';

/** PEM text, and its DER as base64. */
export type FulcioCertificate = { readonly pem: string; readonly raw: string };

/** A certificate with the extensions that Fulcio writes, for a GitHub workflow; made by openssl, signed by itself. */
export async function fulcioCertificate(): Promise<FulcioCertificate> {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-fulcio-'));
  const config = join(folder, 'config');
  const pem = join(folder, 'pem');
  const arc = '1.3.6.1.4.1.57264.1';
  const names = 'URI:https://github.com/acme/app/.github/workflows/r.yml@refs/tags/v1,email:a@example.com';
  const lines = [
    '[req]\ndistinguished_name = dn\nx509_extensions = v3\nprompt = no',
    '[dn]\nO = sigstore.dev\nCN = intermediate',
    `[v3]\nsubjectAltName = critical,${names}`,
    `${arc}.1 = ASN1:FORMAT:UTF8,UTF8String:old`,
    `${arc}.8 = ASN1:UTF8String:https://token.actions.githubusercontent.com`,
    `${arc}.12 = ASN1:UTF8String:https://github.com/acme/app`,
    `${arc}.14 = ASN1:UTF8String:refs/tags/v1`,
  ];
  try {
    writeFileSync(config, lines.join('\n'));
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', join(folder, 'key')];
    await run('openssl', ['req', '-x509', ...key, '-days', '1', '-config', config, '-out', pem]);
    const text = readFileSync(pem, 'utf8');
    return { pem: text, raw: text.replaceAll(/-----[A-Z ]+-----|\s/g, '') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
