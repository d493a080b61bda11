const KIB = 1024;
const MIB = 1024 * KIB;

/** Bounds on what is read, in bytes as they arrive (SECURITY-CASES V11). Nothing is ever allocated from a claimed size. */
export const LIMITS = {
  manifestBytes: 4 * MIB,
  configBytes: 4 * MIB,
  tokenBytes: 64 * KIB,
  pageBytes: 8 * MIB,
  errorBytes: 64 * KIB,
  redirects: 5,
  pages: 1000,
  emptyPages: 3,
  warnings: 20,
  textLength: 4 * KIB,
} as const;
