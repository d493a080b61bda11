import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { listProcedures } from '#test/support/contract-procedures.ts';

const SECRET_NAME =
  /^(?:secret|pass(?:word|wd|phrase)?|(?:\w+)?token|credentials?|auth(?:orization)?|api-?key|cookie)$/i;

type JsonSchema = {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema | boolean;
  readonly prefixItems?: readonly JsonSchema[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
};

const childrenOf = (schema: JsonSchema): readonly JsonSchema[] =>
  [
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    ...(schema.allOf ?? []),
    ...(schema.prefixItems ?? []),
    schema.items,
    schema.additionalProperties,
  ].filter((child) => typeof child === 'object');

/** A string that is not one of a few words of ours: it could hold anything. */
function canCarryText(schema: JsonSchema): boolean {
  if (schema.enum !== undefined || schema.const !== undefined) return false;
  const isOpen = Object.keys(schema).every((key) => ['$schema', 'description'].includes(key));
  return [schema.type].flat().includes('string') || isOpen || childrenOf(schema).some(canCarryText);
}

/** Paths of fields named like a secret that could carry one. */
function secretFields(schema: JsonSchema, path = ''): readonly string[] {
  const found: string[] = [];
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    if (SECRET_NAME.test(name) && canCarryText(field)) found.push(`${path}.${name}`);
    found.push(...secretFields(field, `${path}.${name}`));
  }
  for (const child of childrenOf(schema)) found.push(...secretFields(child, path));
  return found;
}

const jsonSchema = (schema: z.ZodType): JsonSchema => z.toJSONSchema(schema, { io: 'output' }) as JsonSchema;

describe('the contract', () => {
  it.each(listProcedures().map((procedure) => [procedure.name, procedure] as const))(
    '%s has an output schema, and no field in it that could carry a secret (E10)',
    (_name, { output }) => {
      expect(output).toBeDefined();
      expect(secretFields(jsonSchema(output!))).toEqual([]);
    },
  );

  it.each(listProcedures().map((procedure) => [procedure.name, procedure] as const))(
    '%s refuses with APP_ERROR and nothing else',
    (_name, { procedure }) => {
      expect(Object.keys(procedure['~orpc'].errorMap)).toEqual(['APP_ERROR']);
    },
  );

  it('has its procedures read by this test', () => {
    expect(listProcedures().length).toBeGreaterThanOrEqual(20);
    expect(
      listProcedures()
        .filter((procedure) => procedure.isStream)
        .map((procedure) => procedure.name),
    ).toEqual([
      'registries.test',
      'tags.resolve',
      'files.open',
      'files.save',
      'packages.read',
      'compare.images',
      'compare.summary',
      'compare.contents',
      'documents.read',
      'transfers.plan',
      'transfers.watch',
      'transfers.watchOne',
      'changes.watch',
      'diagnostics.watch',
    ]);
  });
});

describe('the walk', () => {
  const found = (schema: z.ZodType) => secretFields(jsonSchema(schema));

  it('finds a secret wherever it hides', () => {
    expect(found(z.object({ password: z.string() }))).toEqual(['.password']);
    expect(found(z.array(z.object({ a: z.object({ refreshToken: z.string().optional() }) })))).toEqual([
      '.a.refreshToken',
    ]);
    expect(found(z.union([z.string(), z.object({ auth: z.union([z.null(), z.string()]) })]))).toEqual(['.auth']);
    expect(found(z.record(z.string(), z.object({ secret: z.unknown() })))).toEqual(['.secret']);
    expect(found(z.object({ credentials: z.array(z.string()) }))).toEqual(['.credentials']);
  });

  it('lets a state of ours and a flag pass', () => {
    expect(found(z.object({ secret: z.enum(['none', 'keychain']), token: z.boolean() }))).toEqual([]);
  });
});
