import { z } from 'zod';
import { endRefSchema } from './end-ref-schema.ts';
import type { EndRef } from './ends.ts';

/** What a job is and always was, as plain data for the journal. */
export type JobFacts = {
  readonly kind: 'copy' | 'push' | 'pull';
  /** What people call the sources: the first three, and how many there are. */
  readonly sources: readonly string[];
  readonly sourceCount: number;
  readonly destination: string;
  /** All ends, to be found again: what is kept on disk for them is needed until the job has gone. */
  readonly sourceRefs: readonly EndRef[];
  readonly fileDestination?: EndRef;
};

const factsSchema: z.ZodType<JobFacts> = z.object({
  kind: z.enum(['copy', 'push', 'pull']),
  sources: z.array(z.string()),
  sourceCount: z.number(),
  destination: z.string(),
  sourceRefs: z.array(endRefSchema),
  fileDestination: endRefSchema.exactOptional(),
});

export function formatFacts(facts: JobFacts): string {
  return JSON.stringify(facts);
}

/** Undefined for what no version of ours has written. */
export function parseFacts(text: string): JobFacts | undefined {
  try {
    return factsSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The files that are read. */
export function fileSourceIds({ sourceRefs }: JobFacts): readonly string[] {
  return sourceRefs.flatMap((ref) => (ref.kind === 'file' ? [ref.id] : []));
}
