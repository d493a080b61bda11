import { z } from 'zod';

const MAX_PAYLOAD = 65_536;
const MAX_SHOWN = 20;

const text = z.string().max(300);
const payloadSchema = z.looseObject({
  access: z
    .array(z.object({ type: text, name: text, actions: z.array(text).max(20).nullish() }))
    .max(500)
    .nullish(),
});

/**
 * What a token grants by its `access` claim, as scopes; undefined for a token that is no JWT with such a claim. Nothing
 * is verified: it is read for a person to see, as the registry may read it otherwise.
 * Spec: distribution token authentication, "Token Authentication Implementation", `access`.
 */
export function readGrants(token: string): readonly string[] | undefined {
  const [, payload = '', ...rest] = token.split('.');
  if (rest.length !== 1 || payload === '' || payload.length > MAX_PAYLOAD) return undefined;
  const { data } = payloadSchema.safeParse(parse(Buffer.from(payload, 'base64url').toString('utf8')));
  if (data?.access === undefined) return undefined;
  const grants = (data.access ?? []).map(({ type, name, actions }) => `${type}:${name}:${(actions ?? []).join(',')}`);
  const more = grants.length - MAX_SHOWN;
  return more > 0 ? [...grants.slice(0, MAX_SHOWN), `${more} more`] : grants;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
