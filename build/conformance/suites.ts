/** The four workflows of the specification, in its order. Spec: OCI distribution 1.1, "Workflow Categories". */
export const WORKFLOWS = ['Pull', 'Push', 'Content discovery', 'Content management'] as const;
export type Workflow = (typeof WORKFLOWS)[number];

/** One test of a suite, as its junit report names it. */
export type SuiteTest = {
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** Why it failed; empty otherwise. */
  readonly message: string;
};

/** An edition of the conformance suite, how it is built and asked, and how its report is read. */
export type Suite = {
  readonly id: string;
  /** For a person: which edition. */
  readonly title: string;
  /** Commit in the repository of the specification, and the version the Go module proxy knows it by. */
  readonly commit: string;
  readonly moduleVersion: string;
  /** Arguments of `go` that leave one program at `output`. */
  build(output: string): readonly string[];
  /** What tells the program where the registry is, what to test, and where to leave junit.xml. */
  env(address: string, reportDir: string): Readonly<Record<string, string>>;
  workflowOf(name: string): Workflow;
  /** Why a test that was skipped says nothing about us. Undefined: nobody knows, which is a failure. */
  whySkipped(name: string): string | undefined;
};

export const SUITE_MODULE = 'github.com/opencontainers/distribution-spec/conformance';

/** The suite that was tagged with the specification. */
const tagged: Suite = {
  id: 'v1.1.1',
  title: 'v1.1.1, tagged with the specification',
  commit: 'a139cc423184af6078077b9b7ee336eddbd03f8f',
  moduleVersion: 'v0.0.0-20250123160558-a139cc423184',
  build: (output) => ['test', '-c', '-o', output, '.'],
  env: (address, reportDir) => ({
    OCI_ROOT_URL: `http://${address}`,
    OCI_NAMESPACE: 'conformance/one',
    OCI_CROSSMOUNT_NAMESPACE: 'conformance/two',
    OCI_AUTOMATIC_CROSSMOUNT: 'true',
    OCI_TEST_PULL: '1',
    OCI_TEST_PUSH: '1',
    OCI_TEST_CONTENT_DISCOVERY: '1',
    OCI_TEST_CONTENT_MANAGEMENT: '1',
    OCI_HIDE_SKIPPED_WORKFLOWS: '0',
    OCI_REPORT_DIR: reportDir,
  }),
  workflowOf(name) {
    const words = name.replace('OCI Distribution Conformance Tests ', '').toLowerCase();
    return WORKFLOWS.find((workflow) => words.startsWith(workflow.toLowerCase())) ?? 'Push';
  },
  whySkipped(name) {
    if (/Get tag name from environment|no push/.test(name)) return 'for registries that nothing may be pushed to';
    if (/discovery disabled should return a 202/.test(name)) return 'for registries that do not mount without `from`';
    if (/nonexistent blob should yield session id/.test(name)) return 'runs only when the mount before it was refused';
    return undefined;
  },
};

/** The suite as it was written anew after 1.1.1; asks for more, and tests sha512 too. */
const rewritten: Suite = {
  id: 'main',
  title: 'main, rewritten in 2026, asked for version 1.1',
  commit: '967efdc079b91785ad18c77cc4f8991a47feefbf',
  moduleVersion: 'v0.0.0-20260716174315-967efdc079b9',
  build: (output) => ['build', '-o', output, '.'],
  env: (address, reportDir) => ({
    OCI_REGISTRY: address,
    OCI_TLS: 'disabled',
    OCI_VERSION: '1.1',
    OCI_REPO1: 'conformance/three',
    OCI_REPO2: 'conformance/four',
    OCI_RESULTS_DIR: reportDir,
    // Optional in 1.1 or drafted after it; on, since we answer them.
    OCI_API_BLOBS_UPLOAD_CANCEL: 'true',
    OCI_API_BLOBS_DIGEST_HEADER: 'true',
    OCI_API_MANIFESTS_DIGEST_HEADER: 'true',
    OCI_API_MANIFESTS_TAG_PARAM: 'true',
  }),
  workflowOf(name) {
    const last = name.slice(name.lastIndexOf('/') + 1);
    if (last.endsWith('-delete')) return 'Content management';
    if (/^(?:tag.list|referrers)$/.test(last)) return 'Content discovery';
    const isRead = /^(?:ping|range .*|(?:blob|manifest)-(?:get|head).*)$/.test(last) || name.includes('/get-missing');
    return isRead || name.includes('/pull/') ? 'Pull' : 'Push';
  },
  whySkipped: (name) =>
    name.endsWith('/range 500-0') ? 'RFC 9110: a range that ends before it begins may be ignored, and is' : undefined,
};

export const SUITES: readonly Suite[] = [tagged, rewritten];
