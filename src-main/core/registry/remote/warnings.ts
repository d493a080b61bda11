import type { RegistryWarning } from '../registry-client.ts';
import { headerLines, type Headers } from '../transport/headers.ts';
import { scrubSecrets } from '../transport/redact.ts';
import { LIMITS } from '../transport/limits.ts';

const WARNING = /^299 (?:-|\S+) "((?:[^"\\]|\\.)*)"/;

/**
 * A registry's own words: `Warning: 299 - "text"`, 20 distinct at most, each at most 4 KiB, without those that hold
 * control characters, and without our secrets (A09). Spec: OCI Distribution 1.1, "Warnings"; SECURITY-CASES U08.
 */
export function registryWarnings(headers: Headers, secrets: readonly string[] = []): readonly RegistryWarning[] {
  const texts = new Set<string>();
  for (const line of headerLines(headers, 'warning').slice(0, 10_000)) {
    const text = WARNING.exec(line.slice(0, LIMITS.textLength))?.[1]?.replaceAll(/\\(.)/g, '$1');
    if (text === undefined || text === '' || /\p{Cc}/u.test(text)) continue;
    texts.add(scrubSecrets(text, secrets));
    if (texts.size >= LIMITS.warnings) break;
  }
  return [...texts].map((text) => ({ source: 'registry', text }));
}
