import { createHash, createSign, randomUUID, X509Certificate } from 'node:crypto';
import { type FakeRegistry, json, type RecordedRequest, startFakeRegistry } from './fake-registry.ts';
import type { Certificate } from './certificates.ts';

export type IssuerOptions = {
  readonly certificate: Certificate;
  readonly service: string;
  readonly issuer: string;
  /** Passwords by user name. Without a user the token is anonymous. */
  readonly users: Readonly<Record<string, string>>;
  /** The actions a user (undefined: anonymous) gets of those asked for, by scope. */
  readonly allow: (user: string | undefined, type: string, name: string) => readonly string[];
  readonly lifetimeSeconds?: number;
};

/** A token server in the shape docker-registry trusts: JWTs signed with ES256, the certificate in the header. */
export function startTokenIssuer(options: IssuerOptions): Promise<FakeRegistry> {
  return startFakeRegistry((request) => {
    const user = authenticate(request, options.users);
    if (user === null) return json({ errors: [{ code: 'UNAUTHORIZED', message: 'wrong password' }] }, {}, 401);
    const query = new URL(request.path, 'http://issuer').searchParams;
    const access = query.getAll('scope').flatMap((scope) => grant(scope, user, options));
    const lifetime = options.lifetimeSeconds ?? 300;
    return json({ token: sign(claims(access, user, lifetime, options), options.certificate), expires_in: lifetime });
  });
}

/** The user, undefined for nobody, null for a wrong password. */
function authenticate(request: RecordedRequest, users: Readonly<Record<string, string>>): string | undefined | null {
  const authorization = request.headers['authorization'];
  if (authorization === undefined) return undefined;
  const [name = '', ...rest] = Buffer.from(authorization.replace(/^Basic /, ''), 'base64')
    .toString()
    .split(':');
  return users[name] === rest.join(':') ? name : null;
}

function grant(scope: string, user: string | undefined, options: IssuerOptions): readonly object[] {
  const [type = '', name = '', asked = ''] = scope.split(':');
  const allowed = options.allow(user, type, name);
  const actions = asked.split(',').filter((action) => allowed.includes(action));
  return actions.length === 0 ? [] : [{ type, name, actions }];
}

function claims(access: readonly object[], user: string | undefined, lifetime: number, options: IssuerOptions): object {
  const now = Math.floor(Date.now() / 1000);
  const { issuer: iss, service: aud } = options;
  return { iss, aud, sub: user ?? '', access, iat: now, nbf: now - 10, exp: now + lifetime, jti: randomUUID() };
}

function sign(payload: object, { certificate, key }: Certificate): string {
  const der = new X509Certificate(certificate).raw;
  const header = { alg: 'ES256', typ: 'JWT', x5c: [der.toString('base64')], kid: keyId(certificate) };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${part(header)}.${part(payload)}`;
  const signature = createSign('SHA256').update(input).sign({ key, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

/** libtrust's key id: base32 of the first 240 bits of the key's SHA-256, in groups of four. */
function keyId(certificate: string): string {
  const der = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
  const bits = [...createHash('sha256').update(der).digest().subarray(0, 30)]
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('');
  const base32 = (bits.match(/.{5}/g) ?? []).map(
    (group) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(group, 2)],
  );
  return (base32.join('').match(/.{4}/g) ?? []).join(':');
}
