import type { PageFiles } from '#main/api/page-files.ts';
import type { ApiClient } from '#test/support/transports.ts';

/** A repository of the Local registry with a tag that is a multi-arch index. */
export type Sample = { readonly registryId: 'local'; readonly repository: string; readonly tag: string };

export type CaseContext = {
  readonly client: ApiClient;
  readonly sample: Sample;
  /** `127.0.0.1:PORT` of the Local registry: a real registry to connect to. */
  readonly address: string;
  /** A loopback port on which nothing listens. */
  readonly closedPort: number;
  /** A tar of docker save on this machine, with one image. */
  readonly archivePath: string;
  /** The streams beside the calls. */
  readonly files: PageFiles;
};

/** Uses a procedure, and expects what it should do. */
export type Case = (context: CaseContext) => Promise<void>;
