import { createScanner } from 'jsonc-parser';

export type JsonTokenKind = 'space' | 'punctuation' | 'key' | 'string' | 'number' | 'literal' | 'digest' | 'media-type';

/** `text` is the lexeme as it stands in the document: numbers and escapes are never rewritten. */
export type JsonToken = { readonly kind: JsonTokenKind; readonly text: string };
export type JsonLine = readonly JsonToken[];

// jsonc-parser declares SyntaxKind as an ambient const enum, which isolated modules cannot read.
const OPEN_BRACE = 1;
const CLOSE_BRACE = 2;
const OPEN_BRACKET = 3;
const CLOSE_BRACKET = 4;
const COMMA = 5;
const COLON = 6;
const STRING = 10;
const NUMBER = 11;
const LINE_BREAK = 14;
const TRIVIA = 15;
const END = 17;

type RawToken = { readonly syntax: number; readonly text: string };

const DIGEST_LEXEME = /^"(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})"$/;
const MEDIA_TYPE_LEXEME = /^"(?:application|text|image|audio|video)\/[\w.+-]{1,120}"$/;

function scan(text: string, ignoreTrivia: boolean): RawToken[] {
  const scanner = createScanner(text, ignoreTrivia);
  const tokens: RawToken[] = [];
  for (let syntax: number = scanner.scan(); syntax !== END; syntax = scanner.scan()) {
    const start = scanner.getTokenOffset();
    tokens.push({ syntax, text: text.slice(start, start + scanner.getTokenLength()) });
  }
  return tokens;
}

function stringKind(lexeme: string): JsonTokenKind {
  if (DIGEST_LEXEME.test(lexeme)) return 'digest';
  return MEDIA_TYPE_LEXEME.test(lexeme) ? 'media-type' : 'string';
}

function tokenKind({ syntax, text }: RawToken, next: RawToken | undefined): JsonTokenKind {
  if (syntax >= OPEN_BRACE && syntax <= COLON) return 'punctuation';
  if (syntax === STRING) return next?.syntax === COLON ? 'key' : stringKind(text);
  if (syntax === NUMBER) return 'number';
  return syntax === TRIVIA || syntax === LINE_BREAK ? 'space' : 'literal';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Gathers tokens into lines of two-space indentation. */
class PrettyPrinter {
  readonly lines: JsonToken[][] = [[]];
  private depth = 0;

  add(kind: JsonTokenKind, text: string): void {
    this.lines.at(-1)?.push({ kind, text });
  }

  open(text: string): void {
    this.add('punctuation', text);
    this.depth += 1;
    this.breakLine();
  }

  close(text: string): void {
    this.depth -= 1;
    this.breakLine();
    this.add('punctuation', text);
  }

  breakLine(): void {
    this.lines.push(this.depth === 0 ? [] : [{ kind: 'space', text: '  '.repeat(this.depth) }]);
  }
}

const isOpening = (syntax: number) => syntax === OPEN_BRACE || syntax === OPEN_BRACKET;
const isClosing = (syntax: number) => syntax === CLOSE_BRACE || syntax === CLOSE_BRACKET;

/** One value a line, nothing lost: every lexeme stands as it was sent. Undefined when the text is not JSON. */
export function prettyJsonLines(text: string): readonly JsonLine[] | undefined {
  if (!isJson(text)) return undefined;
  const tokens = scan(text, true);
  const printer = new PrettyPrinter();
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    const next = tokens[index + 1];
    if (token === undefined) break;
    if (isOpening(token.syntax) && next !== undefined && isClosing(next.syntax)) {
      printer.add('punctuation', token.text);
      printer.add('punctuation', next.text);
      index += 1;
    } else if (isOpening(token.syntax)) printer.open(token.text);
    else if (isClosing(token.syntax)) printer.close(token.text);
    else {
      printer.add(tokenKind(token, next), token.text);
      if (token.syntax === COMMA) printer.breakLine();
      if (token.syntax === COLON) printer.add('space', ' ');
    }
  }
  return printer.lines;
}

function plainLines(text: string): readonly JsonLine[] {
  return text.split(/\r?\n/).map((line): JsonLine => (line === '' ? [] : [{ kind: 'string', text: line }]));
}

/** The document in the lines it was sent in; tokens are told apart when it is JSON. */
export function sentLines(text: string): readonly JsonLine[] {
  if (!isJson(text)) return plainLines(text);
  const lines: JsonToken[][] = [[]];
  const tokens = scan(text, false);
  for (const [index, token] of tokens.entries()) {
    if (token.syntax === LINE_BREAK) lines.push([]);
    else {
      // Between a key and its colon there may be space: the next token that is not space decides.
      const next = token.syntax === STRING ? tokens.slice(index + 1, index + 4).find(isSolid) : undefined;
      lines.at(-1)?.push({ kind: tokenKind(token, next), text: token.text });
    }
  }
  return lines;
}

function isSolid({ syntax }: RawToken): boolean {
  return syntax !== TRIVIA && syntax !== LINE_BREAK;
}

/** The lines as one text again. */
export function joinLines(lines: readonly JsonLine[]): string {
  return lines.map((line) => line.map(({ text }) => text).join('')).join('\n');
}
