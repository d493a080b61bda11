import { Visitor } from 'rolldown/utils';
import { parse } from './imports.ts';
import type { SourceFile } from './source-files.ts';

/** A test as written: its name (empty when computed), the text of its call, and how it is called. */
export type TestCase = { readonly name: string; readonly text: string; readonly callee: string };

const CALLEE = /^(?:it|test)(?:\.(?:each|skipIf|runIf|only|skip|todo|fails|concurrent|for))*$/;

/** The name of a call without its arguments: `it.skipIf(…)('…')` is `it.skipIf`. */
const calleeOf = (text: string): string => text.replace(/[(<`][\s\S]*$/, '');

/** Every call of `it` or `test` in a file. */
export function testCasesOf(file: SourceFile): readonly TestCase[] {
  const cases: TestCase[] = [];
  new Visitor({
    CallExpression: (node) => {
      const callee = calleeOf(file.text.slice(node.callee.start, node.callee.end));
      const body = node.arguments.find(
        ({ type }) => type === 'ArrowFunctionExpression' || type === 'FunctionExpression',
      );
      const isOpen = /\.(?:todo|skip)$/.test(callee);
      if (!CALLEE.test(callee) || (body === undefined && !isOpen)) return;
      const [name] = node.arguments;
      const text = name?.type === 'Literal' && typeof name.value === 'string' ? name.value : '';
      cases.push({ name: text, text: file.text.slice(node.start, node.end), callee });
    },
  }).visit(parse(file).program);
  return cases;
}

/** What is wrong with a test, in words that follow its name. */
function* faultsOf({ name, text, callee }: TestCase): Generator<string> {
  if (!/\b(?:expect|assert)\w*/.test(text)) yield 'expects nothing';
  if (/\.(?:only|skip|todo)\b/.test(callee)) yield `uses ${callee}`;
  if (/\bshould\b/i.test(name)) yield 'is a wish, not a fact';
}

/** One line for each test that cannot fail, hides others, is switched off, or is named as a wish. */
export function checkTestCases(file: SourceFile): readonly string[] {
  return testCasesOf(file).flatMap((test) =>
    Array.from(faultsOf(test), (fault) => `${file.path}: "${test.name}" ${fault}`),
  );
}
