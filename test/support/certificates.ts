import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './run.ts';

/** PEM texts. */
export type Certificate = { readonly certificate: string; readonly key: string };

/**
 * A self-signed certificate made by openssl. `names` are subject alternative names such as `IP:127.0.0.1`.
 */
export async function selfSigned(
  names: readonly string[] = ['IP:127.0.0.1', 'DNS:localhost'],
  options: { readonly expired?: boolean } = {},
): Promise<Certificate> {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-certificate-'));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  try {
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    const subject = ['-subj', '/CN=gantry test', '-addext', `subjectAltName=${names.join(',')}`];
    const request = [...made, ...subject, '-keyout', key, '-out', certificate, '-days', '30'];
    await run('openssl', request);
    if (options.expired === true) await expire(folder, key, certificate, names);
    return { key: readFileSync(key, 'utf8'), certificate: readFileSync(certificate, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Re-issues the certificate with dates in the past, which `req -x509` of OpenSSL 3.0 cannot set. */
async function expire(folder: string, key: string, certificate: string, names: readonly string[]): Promise<void> {
  const csr = join(folder, 'request.csr');
  await run('openssl', ['req', '-new', '-key', key, '-subj', '/CN=gantry test', '-out', csr]);
  const config = join(folder, 'ca.cnf');
  writeFileSync(join(folder, 'index.txt'), '');
  writeFileSync(join(folder, 'serial'), '01\n');
  writeFileSync(
    config,
    [
      '[ca]\ndefault_ca = it\n[it]',
      `database = ${join(folder, 'index.txt')}\nserial = ${join(folder, 'serial')}\nnew_certs_dir = ${folder}`,
      'default_md = sha256\npolicy = any\nx509_extensions = names\n[any]\ncommonName = supplied',
      `[names]\nsubjectAltName = ${names.join(',')}\n`,
    ].join('\n'),
  );
  const dates = ['-startdate', '20200101000000Z', '-enddate', '20200201000000Z'];
  const selfsign = ['-selfsign', '-keyfile', key, '-in', csr, '-out', certificate, '-notext', '-batch'];
  await run('openssl', ['ca', '-config', config, ...selfsign, ...dates]);
}

export type Issue = {
  /** For a client instead of a server. */
  readonly client?: boolean;
  readonly commonName?: string;
};

export type Authority = Certificate & {
  /** A certificate signed by this authority, for subject alternative names such as `IP:127.0.0.1`. */
  issue(names?: readonly string[], options?: Issue): Promise<Certificate>;
};

const EC_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** A certificate authority of its own, as a company runs one. */
export async function certificateAuthority(commonName = 'gantry test authority'): Promise<Authority> {
  const own = await inFolder(async (folder) => {
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
    const usage = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign'];
    const subject = ['-subj', `/CN=${commonName}`, ...usage, '-days', '30'];
    await run('openssl', ['req', '-x509', ...EC_KEY, ...subject, '-keyout', key, '-out', certificate]);
    return { key: readFileSync(key, 'utf8'), certificate: readFileSync(certificate, 'utf8') };
  });
  return {
    ...own,
    issue: (names = ['IP:127.0.0.1', 'DNS:localhost'], options = {}) => issueFrom(own, names, options),
  };
}

function issueFrom(authority: Certificate, names: readonly string[], options: Issue): Promise<Certificate> {
  return inFolder(async (folder) => {
    const file = (name: string) => join(folder, name);
    writeFileSync(file('ca.pem'), authority.certificate);
    writeFileSync(file('ca-key.pem'), authority.key, { mode: 0o600 });
    const purpose = options.client === true ? 'clientAuth' : 'serverAuth';
    const alternatives = names.length === 0 ? '' : `subjectAltName=${names.join(',')}\n`;
    writeFileSync(file('extensions'), `${alternatives}extendedKeyUsage=${purpose}\n`);
    const subject = `/CN=${options.commonName ?? 'gantry test'}`;
    await run('openssl', ['req', '-new', ...EC_KEY, '-subj', subject, '-keyout', file('key.pem'), '-out', file('csr')]);
    const signer = ['-CA', file('ca.pem'), '-CAkey', file('ca-key.pem'), '-CAcreateserial', '-days', '30'];
    const made = ['-extfile', file('extensions'), '-out', file('certificate.pem')];
    await run('openssl', ['x509', '-req', '-in', file('csr'), ...signer, ...made]);
    return { key: readFileSync(file('key.pem'), 'utf8'), certificate: readFileSync(file('certificate.pem'), 'utf8') };
  });
}

async function inFolder<Value>(work: (folder: string) => Promise<Value>): Promise<Value> {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-certificate-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
