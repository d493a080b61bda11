import type { Digest } from '#shared/oci/digest.ts';
import type { RowTask } from './row-task.ts';

/** A copy that is done waits no longer for a source that does not answer: the notice is left out then. */
const PATIENCE_MS = 5000;

/**
 * What the source's tag names by now, where that is not what the plan saw and what is copied (SECURITY-CASES FI20).
 * Undefined also when the source does not say. Never rejects.
 */
export async function sourceMovedTo({ recipe, source }: RowTask, signal: AbortSignal): Promise<Digest | undefined> {
  const { sourceTag, sourceDigest } = recipe;
  if (sourceTag === undefined || source.headManifest === undefined) return undefined;
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  try {
    const now = await source.headManifest(sourceTag, { signal: patience });
    return now === sourceDigest ? undefined : now;
  } catch {
    return undefined;
  }
}
