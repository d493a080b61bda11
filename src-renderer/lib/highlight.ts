import bash from 'highlight.js/lib/languages/bash';
import css from 'highlight.js/lib/languages/css';
import dockerfile from 'highlight.js/lib/languages/dockerfile';
import go from 'highlight.js/lib/languages/go';
import ini from 'highlight.js/lib/languages/ini';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import makefile from 'highlight.js/lib/languages/makefile';
import nginx from 'highlight.js/lib/languages/nginx';
import perl from 'highlight.js/lib/languages/perl';
import php from 'highlight.js/lib/languages/php';
import python from 'highlight.js/lib/languages/python';
import ruby from 'highlight.js/lib/languages/ruby';
import rust from 'highlight.js/lib/languages/rust';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import { createLowlight } from 'lowlight';
import type { CodeToken } from './code-lines.ts';

const lowlight = createLowlight({
  bash,
  css,
  dockerfile,
  go,
  ini,
  javascript,
  json,
  makefile,
  nginx,
  perl,
  php,
  python,
  ruby,
  rust,
  sql,
  typescript,
  xml,
  yaml,
});
lowlight.registerAlias({ bash: ['shell', 'sh'], ini: ['toml', 'conf', 'properties'], xml: ['html', 'svg'] });

type Part =
  | { readonly type: 'text'; readonly value: string }
  | {
      readonly type: 'element';
      readonly properties: { readonly className?: unknown };
      readonly children: readonly unknown[];
    };

/** Colours of a text in one of the languages above; one token without any for others. */
export function highlight(text: string, language: string | undefined): readonly CodeToken[] {
  if (language === undefined || !lowlight.registered(language)) return [{ text }];
  const tokens: CodeToken[] = [];
  collect(lowlight.highlight(language, text).children, undefined, tokens);
  return tokens;
}

function collect(parts: readonly unknown[], kind: string | undefined, tokens: CodeToken[]): void {
  for (const part of parts) {
    if (!isPart(part)) continue;
    if (part.type === 'text') tokens.push({ text: part.value, kind });
    else collect(part.children, kindOf(part.properties.className) ?? kind, tokens);
  }
}

function isPart(value: unknown): value is Part {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    (value.type === 'text' || value.type === 'element')
  );
}

/** `hljs-title` and `function_` of the highlighter's classes: the first says what it is. */
function kindOf(className: unknown): string | undefined {
  const first: unknown = Array.isArray(className) ? className[0] : undefined;
  return typeof first === 'string' ? first.replace('hljs-', '') : undefined;
}
