import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const CODE_LIFETIME_MS = 60_000;
/** Tabs that stay signed in at a time. The oldest is forgotten first. */
const MAX_TOKENS = 32;

/** Who may call: pages that came with a code from our own terminal. Nothing of it outlives the process. */
export type Sessions = {
  /** A code to put into the address: good once, for a minute, and it makes any earlier one void. */
  newCode(): string;
  /** A token of 256 bits for the code; undefined when it is wrong, used or too old. */
  exchange(code: string): string | undefined;
  /** True for a token that was given out. Takes as long for a wrong one as for a right one. */
  accepts(token: string): boolean;
};

/** Only hashes are kept and compared: equal lengths, and a look into memory gives no token. */
const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

const newSecret = (): string => randomBytes(32).toString('base64url');

/** `now` gives milliseconds. */
export function createSessions(now: () => number): Sessions {
  let code: { readonly hash: Buffer; readonly madeAt: number } | undefined;
  const tokens: Buffer[] = [];
  return {
    newCode: () => {
      const secret = newSecret();
      code = { hash: hashOf(secret), madeAt: now() };
      return secret;
    },
    exchange: (candidate) => {
      if (code === undefined || now() - code.madeAt > CODE_LIFETIME_MS) return undefined;
      if (!timingSafeEqual(code.hash, hashOf(candidate))) return undefined;
      code = undefined;
      const token = newSecret();
      tokens.push(hashOf(token));
      if (tokens.length > MAX_TOKENS) tokens.shift();
      return token;
    },
    accepts: (candidate) => {
      const hash = hashOf(candidate);
      return tokens.reduce((found, token) => timingSafeEqual(token, hash) || found, false);
    },
  };
}
