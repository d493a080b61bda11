import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { getEventIteratorSchemaDetails, isContractProcedure, type AnyContractProcedure } from '@orpc/contract';
import { z } from 'zod';
import { contract } from '#shared/api/contract.ts';
import { docComments } from './doc-comments.ts';
import { type JsonSchema, renderType } from './render-type.ts';

const shared = resolve(import.meta.dirname, '../../src-shared');

type Shape = { readonly id: string; readonly schema: z.ZodType; readonly comment: string };
type Shapes = { readonly all: readonly Shape[]; readonly registry: z.core.$ZodRegistry<{ id: string }> };

const INTRO = `# The api

Generated from the contract in \`src-shared/api\` by \`npm run docs\`. Do not edit.

Every procedure is called by name with one input object (or none) and answers with one value, or with a stream of them.
Desktop: oRPC over one MessagePort a window. Web: oRPC over HTTP on 127.0.0.1, \`POST /rpc/<area>/<procedure>\`.
Types are in the notation of TypeScript; a comment gives the bounds that are checked. Unknown fields are dropped.
Every procedure may refuse with the one error \`APP_ERROR\` (HTTP 422), whose data is an [AppError](#apperror).
`;

/** docs/api.md, whole: every procedure of the contract, then the shapes they share. */
export async function renderApiDocs(): Promise<string> {
  const shapes = await collectShapes();
  const used = new Set<string>(['AppError']);
  const areas = Object.entries(contract).map(([area, procedures]) => renderArea(area, procedures, shapes, used));
  const sections = [INTRO, ...areas, '## Shapes\n', ...renderShapes(shapes, used)];
  return `${sections.join('\n').trimEnd()}\n`;
}

/** Every exported `xSchema` of src-shared becomes a shape `X` that procedures refer to by name. */
async function collectShapes(): Promise<Shapes> {
  const registry = z.registry<{ id: string }>();
  const all: Shape[] = [];
  for (const folder of ['oci', 'api']) {
    for (const file of readdirSync(join(shared, folder)).toSorted()) {
      const path = join(shared, folder, file);
      const module = (await import(path)) as Record<string, unknown>;
      const comments = docComments(path);
      for (const [name, schema] of Object.entries(module).toSorted(([a], [b]) => a.localeCompare(b))) {
        if (!name.endsWith('Schema') || !(schema instanceof z.ZodType) || registry.has(schema)) continue;
        const id = name.charAt(0).toUpperCase() + name.slice(1, -'Schema'.length);
        registry.add(schema, { id });
        all.push({ id, schema, comment: comments.get(name) ?? '' });
      }
    }
  }
  return { all, registry };
}

function renderArea(area: string, procedures: object, shapes: Shapes, used: Set<string>): string {
  const comments = docComments(join(shared, 'api', `${area}.ts`));
  const sections = Object.entries(procedures).map(([name, procedure]: [string, unknown]) =>
    isContractProcedure(procedure)
      ? renderProcedure(`${area}.${name}`, procedure, comments.get(name), shapes, used)
      : '',
  );
  return [`## ${area}\n`, ...sections].join('\n');
}

function renderProcedure(
  name: string,
  procedure: AnyContractProcedure,
  comment: string | undefined,
  shapes: Shapes,
  used: Set<string>,
): string {
  const { inputSchema, outputSchema } = procedure['~orpc'];
  const stream = getEventIteratorSchemaDetails(outputSchema);
  const input = render(inputSchema, 'input', shapes, used);
  const output = render(stream === undefined ? outputSchema : stream.yields, 'output', shapes, used);
  return [
    `### ${name}\n`,
    comment === undefined ? '' : `${comment}\n`,
    `Input:${input === undefined ? ' none\n' : `\n\n${block(input)}`}`,
    `${stream === undefined ? 'Answer' : 'Stream of'}:\n\n${block(output ?? 'unknown')}`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function render(schema: unknown, io: 'input' | 'output', { registry }: Shapes, used: Set<string>): string | undefined {
  if (!(schema instanceof z.ZodType)) return undefined;
  const { $defs = {}, ...json } = z.toJSONSchema(schema, { io, metadata: registry }) as JsonSchema;
  for (const id of Object.keys($defs)) used.add(id);
  return renderType(json);
}

/** Only shapes that a procedure reaches, in the order of the files. */
function renderShapes({ all, registry }: Shapes, used: ReadonlySet<string>): readonly string[] {
  return all
    .filter(({ id }) => used.has(id))
    .map(({ id, schema, comment }) => {
      const { $defs = {} } = z.toJSONSchema(z.array(schema), { metadata: registry }) as JsonSchema;
      const own = $defs[id] ?? {};
      const pattern = own.pattern === undefined ? '' : ` // /${own.pattern}/`;
      return [`### ${id}\n`, comment === '' ? '' : `${comment}\n`, block(renderType(own) + pattern)]
        .filter((part) => part !== '')
        .join('\n');
    });
}

function block(text: string): string {
  return `\`\`\`ts\n${text.replace(/^\n/, '').trimEnd()}\n\`\`\`\n`;
}

/** Where the file lies. */
export const API_DOCS_PATH = resolve(import.meta.dirname, '../../docs/api.md');
