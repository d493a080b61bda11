import { type Suite, type SuiteTest, type Workflow, WORKFLOWS } from './suites.ts';

export type SuiteResult = { readonly suite: Suite; readonly tests: readonly SuiteTest[] };

/** Tests that failed, and those that were skipped for a reason nobody has written down. */
export function findFailures({ suite, tests }: SuiteResult): readonly string[] {
  return tests.flatMap(({ name, status, message }) => {
    if (status === 'failed') return [`${name}: ${message}`];
    return status === 'skipped' && suite.whySkipped(name) === undefined ? [`${name}: skipped, nobody knows why`] : [];
  });
}

/** A line of numbers for each workflow, then their sum. */
export function countByWorkflow({ suite, tests }: SuiteResult): readonly (readonly [string, string])[] {
  const count = (some: readonly SuiteTest[]) =>
    (['passed', 'failed', 'skipped'] as const)
      .map((status) => `${some.filter((test) => test.status === status).length} ${status}`)
      .join(', ');
  const of = (workflow: Workflow) => tests.filter((test) => suite.workflowOf(test.name) === workflow);
  return [...WORKFLOWS.map((workflow) => [workflow, count(of(workflow))] as const), ['All', count(tests)]];
}

/** docs/conformance.md, whole. */
export function renderResult(results: readonly SuiteResult[], date: string): string {
  return `# Conformance

Written by \`npm run conformance\`. Do not edit.

The Local registry against the conformance suite of the OCI distribution specification 1.1.1
(<https://github.com/opencontainers/distribution-spec>), in both of its editions, each on a fresh folder with all four
workflows on. Run on ${date}.

${results.map(renderSuite).join('\n')}
## Not asked for

- Sparse manifests (\`OCI_DATA_SPARSE\`, off by default): a manifest whose parts are missing is refused here, since a
  person who sees an image on the shelf expects to be able to pull it. The specification leaves that to the registry.

## Run it again

\`npm run conformance\` needs Go, which fetches and builds the suite; \`--from DIR\` takes the source from a clone of the
specification instead. \`--date\` names the day that is written above. Where there is no Go it says so and ends well, unless
\`--required\` is given and \`CI=true\`.
`;
}

function renderSuite(result: SuiteResult): string {
  const { suite, tests } = result;
  const rows = countByWorkflow(result).map(
    ([name, text]) => `| ${name} | ${text.split(', ').map(numberOf).join(' | ')} |`,
  );
  const skipped = tests.filter((test) => test.status === 'skipped');
  const reasons = Map.groupBy(skipped, ({ name }) => suite.whySkipped(name) ?? 'nobody knows why');
  const notes = [...reasons].map(([why, some]) => `- ${some.length} skipped: ${why}.`);
  const failures = findFailures(result).map((one) => `- **Failed**: ${one.replaceAll(/\s+/g, ' ').slice(0, 300)}`);
  return `## Suite ${suite.title}

Commit \`${suite.commit.slice(0, 12)}\`.

| Workflow | Passed | Failed | Skipped |
| --- | ---: | ---: | ---: |
${rows.join('\n')}

${[...notes, ...failures].join('\n')}
`;
}

const numberOf = (text: string) => text.split(' ')[0] ?? '';
