import { type PackageFacts, toFacts } from './installed-package.ts';
import { readStanzas } from './stanzas.ts';

/**
 * Packages of dpkg's `status`, or of one file of `status.d` as distroless images have it: there the packages are
 * installed without a word about it. Spec: deb-control(5), dpkg(1).
 */
export function* readDpkg(text: string): Generator<PackageFacts, void, void> {
  for (const stanza of readStanzas(text, ':')) {
    const status = stanza.get('Status');
    if (status !== undefined && !/(?:^|\s)installed\s*$/.test(status)) continue;
    // `glibc (2.36-9)`: the version, where it differs, is in brackets.
    const source = stanza.get('Source')?.replace(/\s*\(.*$/, '');
    const kib = Number(stanza.get('Installed-Size') ?? Number.NaN);
    const facts = toFacts({
      name: stanza.get('Package'),
      version: stanza.get('Version'),
      architecture: stanza.get('Architecture'),
      source,
      sizeBytes: kib * 1024,
    });
    if (facts !== undefined) yield facts;
  }
}

/** Packages of apk's `installed`. Spec: Alpine wiki, "Apk spec", "Installed Database V2". */
export function* readApk(text: string): Generator<PackageFacts, void, void> {
  for (const stanza of readStanzas(text, ':')) {
    const facts = toFacts({
      name: stanza.get('P'),
      version: stanza.get('V'),
      architecture: stanza.get('A'),
      license: stanza.get('L'),
      source: stanza.get('o'),
      sizeBytes: Number(stanza.get('I') ?? Number.NaN),
    });
    if (facts !== undefined) yield facts;
  }
}

/** The package of one `METADATA` or `PKG-INFO`. Spec: Python core metadata; its text after the first empty line is prose. */
export function readPython(text: string): PackageFacts | undefined {
  const [headers] = readStanzas(text, ':');
  return toFacts({
    name: headers?.get('Name'),
    version: headers?.get('Version'),
    license: headers?.get('License-Expression') ?? headers?.get('License'),
  });
}

/** The package of one `package.json` in a `node_modules`. */
export function readNpm(text: string): PackageFacts | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const textAt = (name: string): string | undefined => {
    const field: unknown = fieldOf(value, name);
    return typeof field === 'string' ? field : undefined;
  };
  const older: unknown = fieldOf(fieldOf(value, 'license'), 'type');
  return toFacts({
    name: textAt('name'),
    version: textAt('version'),
    license: textAt('license') ?? (typeof older === 'string' ? older : undefined),
  });
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}
