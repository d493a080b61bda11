import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BuiltContent } from '#main/core/local-registry/image-builder/content.ts';
import { writeOciLayout } from '#main/core/local-registry/image-builder/write-oci-layout.ts';
import type { Sample } from '#main/core/local-registry/samples/sample.ts';
import { type SkopeoLogin, skopeoPush } from './skopeo.ts';

/** The newest push of a sample: what its `latest` names. */
export function latestOf(sample: Sample): BuiltContent {
  const content = [...sample.build()].find(({ tags }) => tags.includes('latest'))?.content;
  if (content === undefined) throw new Error(`${sample.repository} has no latest`);
  return content;
}

/** Lets skopeo push built content, every platform of it. `target` is `host:port/repository:tag`. */
export async function skopeoPushContent(content: BuiltContent, target: string, login?: SkopeoLogin): Promise<void> {
  const layout = await mkdtemp(join(tmpdir(), 'gantry-layout-'));
  try {
    await writeOciLayout(layout, [{ content, tag: 'pushed' }]);
    await skopeoPush(layout, 'pushed', target, login);
  } finally {
    await rm(layout, { recursive: true, force: true });
  }
}
