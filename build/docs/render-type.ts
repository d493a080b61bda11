/** The part of JSON Schema that zod writes for our contract. */
export type JsonSchema = {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema | boolean;
  readonly prefixItems?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
};

/** A schema in the words of TypeScript, with bounds as comments: shorter to read than JSON Schema. */
export function renderType(schema: JsonSchema, indent = ''): string {
  if (schema.$ref !== undefined) return schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1);
  if (schema.const !== undefined) return quote(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(quote).join(' | ');
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices !== undefined) return renderUnion(choices, indent);
  if (schema.type === 'array') return renderArray(schema, indent);
  if (schema.type === 'object') return renderObject(schema, indent);
  return schema.type === undefined ? 'unknown' : [schema.type].flat().join(' | ');
}

function renderUnion(choices: readonly JsonSchema[], indent: string): string {
  const texts = choices.map((choice) => renderType(choice, `${indent}    `));
  if (texts.every((text) => text.length < 40 && !text.includes('\n'))) return texts.join(' | ');
  return texts.map((text) => `\n${indent}  | ${text}`).join('');
}

function renderArray(schema: JsonSchema, indent: string): string {
  if (schema.prefixItems !== undefined) {
    return `[${schema.prefixItems.map((item) => renderType(item, indent)).join(', ')}]`;
  }
  const item = typeof schema.items === 'object' ? renderType(schema.items, indent) : 'unknown';
  return /[|\n]/.test(item) ? `Array<${item}>` : `${item}[]`;
}

function renderObject(schema: JsonSchema, indent: string): string {
  const fields = Object.entries(schema.properties ?? {});
  if (fields.length === 0) return '{}';
  const required = new Set(schema.required);
  const parts = fields.map(([name, field]) => {
    const type = renderType(field, `${indent}  `);
    return { text: `${name}${required.has(name) ? '' : '?'}: ${type}`, note: noteOf(field) };
  });
  const inline = `{ ${parts.map((part) => part.text).join('; ')} }`;
  if (inline.length <= 70 && !inline.includes('\n') && parts.every((part) => part.note === '')) return inline;
  const lines = parts.map(({ text, note }) => `${indent}  ${text};${note === '' ? '' : ` // ${note}`}`);
  return `{\n${lines.join('\n')}\n${indent}}`;
}

function noteOf(schema: JsonSchema): string {
  const { default: fallback, pattern, minLength, maxLength, minItems, maxItems, minimum } = schema;
  const notes = [
    fallback === undefined ? '' : `default ${JSON.stringify(fallback)}`,
    schema.type === 'integer' && minimum === 0 ? '0 or more' : '',
    range(minLength, maxLength, 'characters'),
    range(minItems, maxItems, 'items'),
    pattern === undefined ? '' : `/${pattern}/`,
  ];
  return notes.filter((note) => note !== '').join(', ');
}

function range(least: number | undefined, most: number | undefined, unit: string): string {
  if (least === undefined && most === undefined) return '';
  if (least === undefined) return `at most ${most} ${unit}`;
  return most === undefined ? `at least ${least} ${unit}` : `${least} to ${most} ${unit}`;
}

function quote(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}
