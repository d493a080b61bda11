import { z } from 'zod';

/** More than any input of the contract needs; the same bound as on HTTP. */
const MAX_MESSAGE_LENGTH = 1024 * 1024;

const REQUEST = 1;
const EVENT = 3;
const ABORT = 4;

const id = z.string().max(64);
const requestSchema = z.object({
  i: id,
  t: z.literal(REQUEST).optional(),
  p: z.object({
    u: z.string().startsWith('/'),
    m: z.string().max(16).optional(),
    h: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
    b: z.unknown().optional(),
  }),
});
const messageSchema = z.union([
  requestSchema,
  z.object({ i: id, t: z.literal(EVENT), p: z.object({ e: z.string() }) }),
  z.object({ i: id, t: z.literal(ABORT) }),
]);

/**
 * True for a message in the form that oRPC's message-port link sends (a JSON text: id, type, payload). Whatever else
 * comes through the port must not reach its decoder, which would throw where nobody can catch.
 */
export function isCallMessage(data: unknown): boolean {
  if (typeof data !== 'string' || data.length > MAX_MESSAGE_LENGTH) return false;
  try {
    return messageSchema.safeParse(JSON.parse(data)).success;
  } catch {
    return false;
  }
}
