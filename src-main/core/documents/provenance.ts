import type { Provenance } from './document.ts';
import { at, flatPairs, listAt, type Pair, textAt, textPairs } from './fields.ts';

const MAX_MATERIALS = 1000;
const MAX_PARAMETERS = 500;
const MAX_DIGESTS = 20;

/** Which version a predicate type names, if it is SLSA provenance at all. */
export function provenanceVersion(predicateType: string): Provenance['version'] | undefined {
  const version = /^https:\/\/slsa\.dev\/provenance\/(v0\.1|v0\.2|v1)(?:[./].*)?$/.exec(predicateType)?.[1];
  return version === 'v0.1' || version === 'v0.2' || version === 'v1' ? version : undefined;
}

/** A SLSA provenance predicate. Spec: slsa.dev/provenance/v0.1, v0.2, v1. What is not there is left out. */
export function readProvenance(predicate: unknown, version: Provenance['version']): Provenance {
  return version === 'v1' ? readVersion1(predicate) : readVersion0(predicate, version);
}

function readVersion1(predicate: unknown): Provenance {
  const definition = at(predicate, 'buildDefinition');
  const details = at(predicate, 'runDetails');
  const materials = listAt(definition, 'resolvedDependencies');
  return {
    version: 'v1',
    ...present({
      builder: textAt(details, 'builder', 'id'),
      buildType: textAt(definition, 'buildType'),
      invocationId: textAt(details, 'metadata', 'invocationId') ?? textAt(details, 'metadata', 'invocationID'),
      startedOn: textAt(details, 'metadata', 'startedOn'),
      finishedOn: textAt(details, 'metadata', 'finishedOn'),
    }),
    ...sourceOf(at(definition, 'externalParameters'), materials),
    parameters: flatPairs(at(definition, 'externalParameters'), MAX_PARAMETERS),
    ...materialsOf(materials),
  };
}

function readVersion0(predicate: unknown, version: 'v0.1' | 'v0.2'): Provenance {
  const invocation = at(predicate, 'invocation');
  const recipe = at(predicate, 'recipe');
  const materials = listAt(predicate, 'materials');
  const parameters = version === 'v0.1' ? at(recipe, 'arguments') : at(invocation, 'parameters');
  return {
    version,
    ...present({
      builder: textAt(predicate, 'builder', 'id'),
      buildType: textAt(predicate, 'buildType') ?? textAt(recipe, 'type'),
      invocationId:
        textAt(predicate, 'metadata', 'buildInvocationID') ?? textAt(predicate, 'metadata', 'buildInvocationId'),
      startedOn: textAt(predicate, 'metadata', 'buildStartedOn'),
      finishedOn: textAt(predicate, 'metadata', 'buildFinishedOn'),
    }),
    ...sourceOf(invocation, materials),
    parameters: flatPairs(parameters, MAX_PARAMETERS),
    ...materialsOf(materials),
  };
}

/**
 * Where the source came from: BuildKit and the older versions call it the config source, GitHub a workflow; else the
 * first material that is a repository.
 */
function sourceOf(parameters: unknown, materials: readonly unknown[]): Pick<Provenance, 'source'> {
  const config = at(parameters, 'configSource');
  const uri = textAt(config, 'uri');
  if (uri !== undefined) {
    const entryPoint = textAt(config, 'entryPoint') ?? textAt(config, 'path');
    return { source: { uri, digests: digestsOf(config), ...(entryPoint === undefined ? {} : { entryPoint }) } };
  }
  const repository = textAt(parameters, 'workflow', 'repository');
  if (repository !== undefined) {
    const entryPoint = textAt(parameters, 'workflow', 'path');
    const material = materials.find((one) => textAt(one, 'uri')?.includes(repository) === true);
    const ref = textAt(parameters, 'workflow', 'ref');
    const source = ref === undefined ? repository : `${repository}@${ref}`;
    return {
      source: { uri: source, digests: digestsOf(material), ...(entryPoint === undefined ? {} : { entryPoint }) },
    };
  }
  const git = materials.find((one) => textAt(one, 'uri')?.startsWith('git+') === true);
  const gitUri = textAt(git, 'uri');
  return gitUri === undefined ? {} : { source: { uri: gitUri, digests: digestsOf(git) } };
}

function materialsOf(materials: readonly unknown[]): Pick<Provenance, 'materials' | 'materialCount'> {
  const shown = materials.slice(0, MAX_MATERIALS).flatMap((material) => {
    const uri = textAt(material, 'uri') ?? textAt(material, 'name');
    return uri === undefined ? [] : [{ uri, digests: digestsOf(material) }];
  });
  return { materials: shown, materialCount: materials.length };
}

/** `sha256` and hex, as in-toto writes digests. */
export function digestsOf(value: unknown): Pair[] {
  return textPairs(at(value, 'digest'), MAX_DIGESTS);
}

type Texts = Readonly<Record<string, string | undefined>>;

/** The fields that are there. */
export function present<T extends Texts>(fields: T): { -readonly [K in keyof T]?: string } {
  const there: { -readonly [K in keyof T]?: string } = {};
  return Object.assign(there, Object.fromEntries(Object.entries(fields).filter(([, text]) => text !== undefined)));
}
