import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findGo, NotAtHandError } from '../../../build/conformance/prepare-suite.ts';
import { readJunit } from '../../../build/conformance/read-junit.ts';
import { findFailures, renderResult } from '../../../build/conformance/render-result.ts';
import { SUITES, type SuiteTest } from '../../../build/conformance/suites.ts';

const escapeXml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&#62;').replaceAll('"', '&#x22;');

function toXml({ name, status, message }: SuiteTest): string {
  const inside = {
    passed: '<system-err>&lt; Exit</system-err>',
    failed: `<failure message="${escapeXml(message)}" type="failed">text</failure>`,
    skipped: '<skipped message="skipped"></skipped>',
  };
  return `<testcase name="${escapeXml(name)}" classname="" status="${status}" time="0.1">\n${inside[status]}\n</testcase>`;
}

const suiteTest: fc.Arbitrary<SuiteTest> = fc.oneof(
  fc.record({ name: fc.string(), status: fc.constant('failed' as const), message: fc.string() }),
  fc.record({
    name: fc.string(),
    status: fc.constantFrom('passed' as const, 'skipped' as const),
    message: fc.constant(''),
  }),
);

describe('readJunit', () => {
  test('reads every test back as it was written', () => {
    fc.assert(
      fc.property(fc.array(suiteTest), (tests) => {
        const xml = `<testsuites tests="9"><testsuite name="s">${tests.map(toXml).join('\n')}</testsuite></testsuites>`;
        expect(readJunit(xml)).toEqual(tests);
      }),
    );
  });

  test.each(['panicked', 'timedout', 'pending', ''])('counts the status "%s" against us', (status) => {
    expect(readJunit(`<testcase name="a" status="${status}"></testcase>`)).toMatchObject([{ status: 'failed' }]);
  });

  test('finds no test in a report that broke off', () => {
    expect(readJunit('<testsuites><testcase name="a" status="passed">')).toEqual([]);
  });
});

describe('findFailures', () => {
  test.each(SUITES.map((suite) => [suite.id, suite] as const))(
    'a skip of %s without a known reason is one',
    (_, suite) => {
      const tests = [
        { name: 'new in the suite', status: 'skipped', message: '' },
        { name: 'broken', status: 'failed', message: 'why' },
        { name: 'fine', status: 'passed', message: '' },
      ] as const;
      expect(findFailures({ suite, tests })).toEqual(['new in the suite: skipped, nobody knows why', 'broken: why']);
      expect(renderResult([{ suite, tests }], '2026-01-02')).toContain('- **Failed**: broken: why');
    },
  );
});

test('a machine without Go is told from a registry that fails', () => {
  expect(() => findGo([])).toThrow(NotAtHandError);
});
