// The contract has the same shapes as schemas (`src-shared/api/packages.ts`), which the engine may not import.

export type Ecosystem = 'deb' | 'apk' | 'rpm' | 'npm' | 'pypi' | 'go';

/** What a database says of one installed package. */
export type PackageFacts = {
  readonly name: string;
  readonly version: string;
  readonly architecture?: string;
  readonly license?: string;
  /** The source package, where it has another name. */
  readonly source?: string;
  /** Of what it installs. */
  readonly sizeBytes?: number;
};

/** One installed package, and the file that says so. */
export type InstalledPackage = PackageFacts & { readonly ecosystem: Ecosystem; readonly path: string };

/** Longer than anything honest; what a stranger writes here is shown in rows. */
const MAX_TEXT = 512;

/** Text of a database as it may be shown: trimmed and cut; undefined when nothing is left. */
export function toFact(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  if (trimmed === undefined || trimmed === '') return undefined;
  return trimmed.length > MAX_TEXT ? `${trimmed.slice(0, MAX_TEXT)}…` : trimmed;
}

/** Facts that are there; undefined when name or version is not. */
export function toFacts(facts: {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly architecture?: string | undefined;
  readonly license?: string | undefined;
  readonly source?: string | undefined;
  readonly sizeBytes?: number | undefined;
}): PackageFacts | undefined {
  const name = toFact(facts.name);
  const version = toFact(facts.version);
  if (name === undefined || version === undefined) return undefined;
  const source = toFact(facts.source);
  const rest = {
    architecture: toFact(facts.architecture),
    license: toFact(facts.license),
    source: source === name ? undefined : source,
    sizeBytes: Number.isSafeInteger(facts.sizeBytes) ? facts.sizeBytes : undefined,
  };
  return { name, version, ...withoutMissing(rest) };
}

function withoutMissing<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const present: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  Object.assign(present, Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)));
  return present;
}
