const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

/** Bounds on what a layer may make Gantry do (SECURITY-CASES T01–T15). All are met while reading, never by a claim. */
export type LayerLimits = {
  readonly maxEntries: number;
  /** Paths and the folders that they name. */
  readonly maxNodes: number;
  /** Names, link targets, owners and extended attributes together. */
  readonly maxTextBytes: number;
  /** Decompressed bytes. They are kept nowhere: this bounds time. */
  readonly maxOutputBytes: number;
  /** Output for each byte of input, once there is `minRatioBytes` of output. Honest layers stay below 100. */
  readonly maxRatio: number;
  readonly minRatioBytes: number;
};

export const LAYER_LIMITS: LayerLimits = {
  maxEntries: 1_000_000,
  maxNodes: 2_000_000,
  maxTextBytes: 256 * MIB,
  maxOutputBytes: 256 * GIB,
  maxRatio: 250,
  minRatioBytes: 64 * MIB,
};

/** What a published table of contents may take compressed, and as JSON: a million files are below. */
export const MAX_TOC_BYTES: number = 128 * MIB;
export const MAX_TOC_JSON_BYTES: number = GIB;
