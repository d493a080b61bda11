import type { Sbom, SbomPackage } from './document.ts';
import { at, cut, isFields, listAt, textAt } from './fields.ts';
import { present } from './provenance.ts';

/** More than any image has; what is past it is not kept, and said not to be. */
const MAX_PACKAGES = 200_000;
const MAX_CREATORS = 100;

/** `packages` are in the order of their names. */
export type ReadSbom = { readonly sbom: Sbom; readonly packages: readonly SbomPackage[] };

/** An SBOM in one of the forms that are read; undefined for anything else. */
export function readSbom(value: unknown): ReadSbom | undefined {
  const spdx = textAt(value, 'spdxVersion');
  if (spdx?.startsWith('SPDX-2.') === true) return readSpdx(value, spdx);
  return at(value, 'bomFormat') === 'CycloneDX' ? readCycloneDx(value) : undefined;
}

/** Spec: SPDX 2.3, JSON. `NOASSERTION` and `NONE` say that there is nothing to say. */
function readSpdx(value: unknown, version: string): ReadSbom {
  const all = listAt(value, 'packages');
  const packages = all.slice(0, MAX_PACKAGES).flatMap((one) => spdxPackage(one));
  return {
    sbom: {
      format: 'spdx',
      version,
      ...present({ name: textAt(value, 'name'), created: textAt(value, 'creationInfo', 'created') }),
      creators: texts(listAt(value, 'creationInfo', 'creators')),
      packageCount: packages.length,
      fileCount: listAt(value, 'files').length,
      isComplete: all.length <= MAX_PACKAGES,
    },
    packages: packages.toSorted(byName),
  };
}

function spdxPackage(value: unknown): readonly SbomPackage[] {
  const name = textAt(value, 'name');
  if (name === undefined) return [];
  const refs = listAt(value, 'externalRefs');
  const referenceOf = (...types: readonly string[]): string | undefined =>
    textAt(
      refs.find((ref) => types.includes(textAt(ref, 'referenceType') ?? '')),
      'referenceLocator',
    );
  const fields = present({
    version: textAt(value, 'versionInfo'),
    license: asserted(textAt(value, 'licenseConcluded')) ?? asserted(textAt(value, 'licenseDeclared')),
    supplier: asserted(textAt(value, 'supplier'))?.replace(/^(?:Organization|Person): /, ''),
    purl: referenceOf('purl'),
    cpe: referenceOf('cpe23Type', 'cpe22Type'),
    id: textAt(value, 'SPDXID'),
  });
  return [{ name, ...fields }];
}

function asserted(text: string | undefined): string | undefined {
  return text === 'NOASSERTION' || text === 'NONE' ? undefined : text;
}

function texts(values: readonly unknown[]): string[] {
  return values.flatMap((value) => (typeof value === 'string' ? [cut(value)] : [])).slice(0, MAX_CREATORS);
}

/** Spec: CycloneDX 1.2–1.6, JSON. Components may hold components. */
function readCycloneDx(value: unknown): ReadSbom {
  const packages: SbomPackage[] = [];
  let fileCount = 0;
  const open = [...listAt(value, 'components')].toReversed();
  for (let next = open.pop(); next !== undefined && packages.length < MAX_PACKAGES; next = open.pop()) {
    if (textAt(next, 'type') === 'file') fileCount += 1;
    else packages.push(...cycloneDxPackage(next));
    for (const inner of listAt(next, 'components').toReversed()) open.push(inner);
  }
  const metadata = at(value, 'metadata');
  return {
    sbom: {
      format: 'cyclonedx',
      version: textAt(value, 'specVersion') ?? '',
      ...present({ name: textAt(metadata, 'component', 'name'), created: textAt(metadata, 'timestamp') }),
      creators: toolsOf(metadata),
      packageCount: packages.length,
      fileCount,
      isComplete: open.length === 0,
    },
    packages: packages.toSorted(byName),
  };
}

function byName(a: SbomPackage, b: SbomPackage): number {
  if (a.name === b.name) return 0;
  return a.name < b.name ? -1 : 1;
}

function cycloneDxPackage(value: unknown): readonly SbomPackage[] {
  const name = textAt(value, 'name');
  if (name === undefined) return [];
  const group = textAt(value, 'group');
  const fields = present({
    version: textAt(value, 'version'),
    type: textAt(value, 'type'),
    license: licensesOf(value),
    supplier: textAt(value, 'supplier', 'name') ?? textAt(value, 'publisher') ?? textAt(value, 'author'),
    purl: textAt(value, 'purl'),
    cpe: textAt(value, 'cpe'),
    id: textAt(value, 'bom-ref'),
  });
  return [{ name: group === undefined ? name : `${group}/${name}`, ...fields }];
}

function licensesOf(value: unknown): string | undefined {
  const licenses = listAt(value, 'licenses').flatMap((one) => {
    const text = textAt(one, 'expression') ?? textAt(one, 'license', 'id') ?? textAt(one, 'license', 'name');
    return text === undefined ? [] : [text];
  });
  return licenses.length === 0 ? undefined : cut(licenses.join(' AND '));
}

/** A list of tools before 1.5, components and services since. */
function toolsOf(metadata: unknown): string[] {
  const tools = at(metadata, 'tools');
  const list = isFields(tools)
    ? [...listAt(tools, 'components'), ...listAt(tools, 'services')]
    : listAt(metadata, 'tools');
  return list.slice(0, MAX_CREATORS).flatMap((tool) => {
    const words = [textAt(tool, 'vendor'), textAt(tool, 'name'), textAt(tool, 'version')];
    const text = words.filter((word) => word !== undefined).join(' ');
    return text === '' ? [] : [cut(text)];
  });
}
