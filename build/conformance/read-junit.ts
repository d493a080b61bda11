import type { SuiteTest } from './suites.ts';

const CASE = /<testcase ([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

/**
 * The tests of a junit.xml as both editions of the suite write it. Their reports are ours to run and have this one
 * shape, so this is no parser of XML at large.
 */
export function readJunit(xml: string): readonly SuiteTest[] {
  return [...xml.matchAll(CASE)].map(([, attributes = '', body = '']) => {
    const status = attribute(attributes, 'status');
    const failure = /<(?:failure|error)\b([^>]*)>?/.exec(body)?.[1];
    const isSkipped = status === 'skipped' || body.includes('<skipped');
    return {
      name: attribute(attributes, 'name'),
      // Whatever is neither a pass nor a skip counts against us.
      status: status === 'passed' && failure === undefined ? 'passed' : isSkipped ? 'skipped' : 'failed',
      message: failure === undefined ? '' : attribute(failure, 'message'),
    };
  });
}

function attribute(text: string, name: string): string {
  const value = new RegExp(String.raw`\b${name}="([^"]*)"`).exec(text)?.[1] ?? '';
  return value.replaceAll(
    /&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi,
    (all, decimal?: string, hex?: string, named?: string) => {
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
      return ENTITIES[named ?? ''] ?? all;
    },
  );
}
