/** A signature of an SBOM of an image is three deep; more is hardly meant for people. */
export const MOST_DEEP = 5;
