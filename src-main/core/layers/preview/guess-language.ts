const BY_NAME: ReadonlyMap<string, string> = new Map([
  ['Dockerfile', 'dockerfile'],
  ['Containerfile', 'dockerfile'],
  ['Makefile', 'makefile'],
  ['package-lock.json', 'json'],
  ['nginx.conf', 'nginx'],
  ['.bashrc', 'shell'],
  ['.profile', 'shell'],
]);

const BY_ENDING: ReadonlyMap<string, string> = new Map(
  Object.entries({
    json: 'json',
    js: 'javascript',
    mjs: 'javascript',
    cjs: 'javascript',
    ts: 'typescript',
    py: 'python',
    rb: 'ruby',
    go: 'go',
    rs: 'rust',
    java: 'java',
    c: 'c',
    h: 'c',
    cpp: 'cpp',
    sh: 'shell',
    bash: 'shell',
    pl: 'perl',
    php: 'php',
    xml: 'xml',
    svg: 'xml',
    html: 'html',
    htm: 'html',
    css: 'css',
    yaml: 'yaml',
    yml: 'yaml',
    toml: 'toml',
    ini: 'ini',
    cfg: 'ini',
    conf: 'ini',
    md: 'markdown',
    sql: 'sql',
    properties: 'properties',
  }),
);

const BY_INTERPRETER: ReadonlyArray<readonly [pattern: RegExp, language: string]> = [
  [/\b(?:sh|bash|dash|ash|zsh|ksh)\b/, 'shell'],
  [/\bpython[\d.]*\b/, 'python'],
  [/\bperl\b/, 'perl'],
  [/\bruby\b/, 'ruby'],
  [/\bnode\b/, 'javascript'],
  [/\bphp\b/, 'php'],
];

/** What a text may be written in, by its name or its first line: a guess for colours, nothing more. */
export function guessLanguage(name: string, text: string): string | undefined {
  const ending = name.includes('.') ? name.slice(name.lastIndexOf('.') + 1).toLowerCase() : '';
  const known = BY_NAME.get(name) ?? BY_ENDING.get(ending);
  if (known !== undefined) return known;
  const interpreter = /^#!([^\n]{1,255})/.exec(text)?.[1];
  if (interpreter === undefined) return undefined;
  return BY_INTERPRETER.find(([pattern]) => pattern.test(interpreter))?.[1];
}
