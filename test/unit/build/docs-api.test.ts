import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { listProcedures } from '#test/support/contract-procedures.ts';
import { API_DOCS_PATH, renderApiDocs } from '../../../build/docs/render-api-docs.ts';
import { type JsonSchema, renderType } from '../../../build/docs/render-type.ts';

describe('docs/api.md', () => {
  it('is what the contract says now (else run: npm run docs)', async () => {
    expect(readFileSync(API_DOCS_PATH, 'utf8')).toBe(await renderApiDocs());
  });

  it('has every procedure, and every shape that it names', async () => {
    const text = await renderApiDocs();
    const headings = new Set(text.split('\n').flatMap((line) => (line.startsWith('### ') ? [line.slice(4)] : [])));
    expect(listProcedures().filter((procedure) => !headings.has(procedure.name))).toEqual([]);
    const named = [...text.matchAll(/(?:: |\| |^)([A-Z]\w+)(?:\[\])?(?:;|$| \|)/gm)].map(([, name]) => name!);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !headings.has(name))).toEqual([]);
  });
});

describe('renderType', () => {
  it.each<[z.ZodType, string]>([
    [z.string(), 'string'],
    [z.enum(['a', 'b']), "'a' | 'b'"],
    [z.array(z.union([z.string(), z.number()])), 'Array<string | number>'],
    [z.tuple([z.string(), z.int()]), '[string, integer]'],
    [z.object({ a: z.string().optional() }), '{ a?: string }'],
    [z.object({ a: z.string().max(3) }), '{\n  a: string; // at most 3 characters\n}'],
    [z.object({ a: z.array(z.string()).min(1).max(9) }), '{\n  a: string[]; // 1 to 9 items\n}'],
    [z.unknown(), 'unknown'],
  ])('writes schema %# in the words of TypeScript', (schema, expected) => {
    expect(renderType(z.toJSONSchema(schema) as JsonSchema)).toBe(expected);
  });
});
