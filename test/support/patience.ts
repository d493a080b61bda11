/**
 * How long a test waits for what must come, in milliseconds. Nobody waits that long for a test that passes: it is there
 * for a machine that has other things to do, and only a failure waits it out.
 */
export const PATIENCE_MS = 60_000;
