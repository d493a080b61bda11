import { readCertificate, type CertificateSummary } from './der-certificate.ts';

/** What a PEM text holds. */
export type PemContents = {
  readonly certificates: readonly CertificateSummary[];
  /** Certificates that cannot be read as such. */
  readonly brokenCount: number;
  /** The certificate blocks alone, as they were. */
  readonly certificatePem: string;
  /** The first private key block, or nothing. */
  readonly keyPem: string;
  readonly isKeyEncrypted: boolean;
};

type Block = { readonly label: string; readonly text: string; readonly body: string };

const BEGIN = /-----BEGIN ([A-Z0-9 ]{1,40})-----/g;

/** Blocks in order; one without its end is left out, with all that follows it. Spec: RFC 7468. */
function readBlocks(text: string): readonly Block[] {
  const blocks: Block[] = [];
  BEGIN.lastIndex = 0;
  for (let begin = BEGIN.exec(text); begin !== null; begin = BEGIN.exec(text)) {
    const label = begin[1] ?? '';
    const endLine = `-----END ${label}-----`;
    const end = text.indexOf(endLine, BEGIN.lastIndex);
    if (end < 0) return blocks;
    const body = text.slice(BEGIN.lastIndex, end);
    blocks.push({ label, body, text: text.slice(begin.index, end + endLine.length) });
    BEGIN.lastIndex = end + endLine.length;
  }
  return blocks;
}

function decode(base64: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(base64.replaceAll(/\s/g, '')), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function summaryOf({ body }: Block): CertificateSummary | undefined {
  const der = decode(body);
  return der === undefined ? undefined : readCertificate(der);
}

/** Never throws: a text that is no PEM holds nothing. */
export function readPem(text: string): PemContents {
  const blocks = readBlocks(text);
  const certificateBlocks = blocks.filter(({ label }) => /^(X509 |TRUSTED )?CERTIFICATE$/.test(label));
  const read = certificateBlocks.map(summaryOf);
  const certificates = read.filter((summary) => summary !== undefined);
  const key = blocks.find(({ label }) => label.endsWith('PRIVATE KEY'));
  return {
    certificates,
    brokenCount: read.length - certificates.length,
    certificatePem: certificateBlocks.map((block) => block.text).join('\n'),
    keyPem: key?.text ?? '',
    // PKCS #8 says so in its label, the older form of OpenSSL in a header line.
    isKeyEncrypted: key !== undefined && (key.label.startsWith('ENCRYPTED') || key.body.includes('ENCRYPTED')),
  };
}

/** The wire takes no more than this of one PEM text. */
const MAX_FILE_BYTES = 262_144;

export type PemFile = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: string };

function toPem(der: Uint8Array): string {
  const base64 = btoa(Array.from(der, (byte) => String.fromCharCode(byte)).join(''));
  const lines = base64.match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

/** The text of a chosen file; a bare DER certificate becomes PEM. */
export async function readPemFile(file: Blob): Promise<PemFile> {
  if (file.size > MAX_FILE_BYTES) return { ok: false, problem: 'The file is larger than 256 KiB: no certificate is' };
  const bytes = new Uint8Array(await file.arrayBuffer());
  const text = new TextDecoder().decode(bytes);
  if (text.includes('-----BEGIN ')) return { ok: true, text };
  if (readCertificate(bytes) !== undefined) return { ok: true, text: toPem(bytes) };
  return { ok: false, problem: 'Not a PEM file. A .p12 or .pfx becomes one with: openssl pkcs12 -in FILE -nodes' };
}
