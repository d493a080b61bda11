import { createHash, createSign, randomUUID, X509Certificate } from 'node:crypto';
import { type FakeRegistry, json, type RecordedRequest, type Reply, startFakeRegistry } from './fake-registry.ts';
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
  /** What POST does: OAuth2 when true; else 404, as token servers do that know GET alone. */
  readonly oauth2?: boolean;
  /** Serve https. */
  readonly tls?: Certificate;
  /** Any free one when absent. */
  readonly port?: number;
};

export type TokenIssuer = FakeRegistry & {
  /** Every token request: how it was asked, by whom, for which scopes. */
  readonly grants: readonly Grant[];
  /** A refresh token for a user, as `docker login` gets one. */
  refreshTokenFor(user: string): string;
};

export type Grant = {
  readonly method: string;
  /** `grant_type` of a POST; `basic` or `anonymous` for GET. */
  readonly kind: string;
  readonly user: string | undefined;
  readonly scopes: readonly string[];
  readonly status: number;
};

type Asked = { readonly kind: string; readonly user: string | undefined | null; readonly scopes: readonly string[] };

/**
 * A token server in the shape docker-registry trusts: JWTs signed with ES256, the certificate in the header. GET as in
 * distribution's "Token Authentication Specification", POST as in its "Oauth2 Token Authentication".
 */
export async function startTokenIssuer(options: IssuerOptions): Promise<TokenIssuer> {
  const refreshTokens = new Map<string, string>();
  const grants: Grant[] = [];
  const refreshTokenFor = (user: string): string => {
    const token = `refresh-${randomUUID()}`;
    refreshTokens.set(token, user);
    return token;
  };
  const answer = (request: RecordedRequest, { kind, user, scopes }: Asked): Reply => {
    const status = user === null ? 401 : 200;
    grants.push({ method: request.method, kind, user: user ?? undefined, scopes, status });
    if (user === null) return json({ errors: [{ code: 'UNAUTHORIZED', message: 'wrong password' }] }, {}, 401);
    const access = scopes.flatMap((scope) => grant(scope, user, options));
    const lifetime = options.lifetimeSeconds ?? 300;
    const token = sign(claims(access, user, lifetime, options), options.certificate);
    if (request.method === 'GET') return json({ token, expires_in: lifetime });
    const form = new URLSearchParams(request.body);
    const refresh = user !== undefined && form.get('access_type') === 'offline' ? refreshTokenFor(user) : undefined;
    const kept = form.get('refresh_token') ?? refresh;
    return json({
      access_token: token,
      expires_in: lifetime,
      scope: scopes.join(' '),
      ...(kept === undefined ? {} : { refresh_token: kept }),
    });
  };
  const server = await startFakeRegistry(
    (request) => {
      if (request.method === 'GET') return answer(request, askedByGet(request, options.users));
      if (request.method !== 'POST' || options.oauth2 !== true) return { status: 404 };
      return answer(request, askedByPost(request, options.users, refreshTokens));
    },
    { ...(options.tls && { tls: options.tls }), ...(options.port !== undefined && { port: options.port }) },
  );
  return Object.assign(server, { grants, refreshTokenFor });
}

function askedByGet(request: RecordedRequest, users: IssuerOptions['users']): Asked {
  const scopes = new URL(request.path, 'http://issuer').searchParams
    .getAll('scope')
    .flatMap((scope) => scope.split(' '));
  const authorization = request.headers['authorization'];
  if (authorization === undefined) return { kind: 'anonymous', user: undefined, scopes };
  const [name = '', ...rest] = Buffer.from(authorization.replace(/^Basic /, ''), 'base64')
    .toString()
    .split(':');
  return { kind: 'basic', user: checked(users, name, rest.join(':')), scopes };
}

function askedByPost(
  request: RecordedRequest,
  users: IssuerOptions['users'],
  refreshTokens: ReadonlyMap<string, string>,
): Asked {
  const form = new URLSearchParams(request.body);
  const kind = form.get('grant_type') ?? '';
  const scopes = form.getAll('scope').flatMap((scope) => scope.split(' '));
  if (kind === 'refresh_token') {
    return { kind, user: refreshTokens.get(form.get('refresh_token') ?? '') ?? null, scopes };
  }
  const user = kind === 'password' ? checked(users, form.get('username') ?? '', form.get('password') ?? '') : null;
  return { kind, user, scopes };
}

/** The user, or null for a wrong password. */
function checked(users: IssuerOptions['users'], name: string, password: string): string | null {
  return Object.hasOwn(users, name) && users[name] === password ? name : null;
}

/** The name of a repository may hold a port's colon, so the type is the first part and the actions are the last. */
function grant(scope: string, user: string | undefined, options: IssuerOptions): readonly object[] {
  const [type = '', ...rest] = scope.split(':');
  const asked = rest.pop() ?? '';
  const name = rest.join(':');
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
