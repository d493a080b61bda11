import { selfSigned } from './certificates.ts';
import type { SeenRequest } from './chaos-faults.ts';
import { type ChaosProxy, startChaosProxy } from './chaos-proxy.ts';
import { type DockerRegistry, startDockerRegistry } from './docker-registry.ts';
import { password } from './engine.ts';
import { startTokenIssuer, type TokenIssuer } from './token-issuer.ts';
import type { Registries } from './transfers.ts';

/** A registry without a sign-in, one that wants tokens, and the server that gives them; each behind what can break it. */
export type TokenCourse = {
  readonly issuer: TokenIssuer;
  readonly tokens: ChaosProxy;
  readonly open: DockerRegistry;
  readonly guarded: DockerRegistry;
  readonly toOpen: ChaosProxy;
  readonly toGuarded: ChaosProxy;
  /** `open` and `guarded`, by way of the proxies. */
  readonly registries: Registries;
  /** Of each token that was given for this repository, in order. */
  scopesOf(repository: string): readonly string[];
  /** From now on the token that this request came with is over. */
  revoke(request: SeenRequest): void;
  /** The rule that refuses those that are over; it comes after those that were added before. */
  readonly refuseRevoked: () => void;
  [Symbol.asyncDispose](): Promise<void>;
};

const NAMES = { service: 'gantry test', issuer: 'gantry test issuer' };

export async function startTokenCourse(): Promise<TokenCourse> {
  const certificate = await selfSigned();
  const issuer = await startTokenIssuer({
    ...NAMES,
    certificate,
    users: { alice: 'wonderland' },
    allow: (user) => (user === 'alice' ? ['pull', 'push'] : []),
  });
  const tokens = await startChaosProxy(issuer.host);
  const realm = `http://localhost:${tokens.port}/token`;
  const auth = { kind: 'token', realm, ...NAMES, certificate: certificate.certificate } as const;
  const [open, guarded] = await Promise.all([startDockerRegistry(), startDockerRegistry({ auth })]);
  const [toOpen, toGuarded] = await Promise.all([startChaosProxy(open.host), startChaosProxy(guarded.host)]);
  const revoked = new Set<unknown>();
  const challenge = { 'www-authenticate': `Bearer realm="${realm}",service="${NAMES.service}"` };
  const refuseRevoked = () => {
    toGuarded.add({
      match: ({ headers }) => revoked.has(headers['authorization']),
      fault: { kind: 'answer', status: 401, headers: challenge },
    });
  };
  return {
    issuer,
    tokens,
    open,
    guarded,
    toOpen,
    toGuarded,
    registries: {
      open: { host: `localhost:${toOpen.port}` },
      guarded: {
        host: `localhost:${toGuarded.port}`,
        credential: password('alice', 'wonderland'),
        trustedTokenHosts: [`localhost:${tokens.port}`],
      },
    },
    scopesOf: (repository) =>
      issuer.grants.map(({ scopes }) => scopes.join(' ')).filter((scopes) => scopes.includes(`:${repository}:`)),
    refuseRevoked,
    revoke: ({ headers }) => void revoked.add(headers['authorization']),
    [Symbol.asyncDispose]: async () => {
      for (const each of [toOpen, toGuarded, open, guarded, tokens, issuer]) await each[Symbol.asyncDispose]();
    },
  };
}
