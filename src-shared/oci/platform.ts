import { z } from 'zod';
import { OciError } from './oci-error.ts';

/**
 * A platform as an index or an image config states it. Absent lists are empty.
 * Spec: OCI image 1.1, image-index.md, "platform".
 */
export const platformSchema = z.object({
  os: z.string(),
  architecture: z.string(),
  variant: z.string().optional(),
  osVersion: z.string().optional(),
  osFeatures: z.array(z.string()).default([]),
  features: z.array(z.string()).default([]),
});
export type Platform = Readonly<z.infer<typeof platformSchema>>;

const PART = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/;

/**
 * Reads `os[/architecture[/variant]][:osVersion]`; parts left out are empty, and so is the whole for an empty text.
 * Nothing is normalised: `linux/aarch64` stays so.
 * @throws {OciError} kind `platform-syntax`
 */
export function parsePlatform(text: string): Platform {
  if (text === '') return { os: '', architecture: '', osFeatures: [], features: [] };
  const colon = text.indexOf(':');
  const parts = (colon === -1 ? text : text.slice(0, colon)).split('/');
  const osVersion = colon === -1 ? undefined : text.slice(colon + 1);
  const [os = '', architecture = '', variant] = parts;
  const all = osVersion === undefined ? parts : [...parts, osVersion];
  if (parts.length > 3 || !all.every((part) => PART.test(part))) {
    throw new OciError('platform-syntax', 'not os[/architecture[/variant]][:osVersion]', text);
  }
  return {
    os,
    architecture,
    ...(variant === undefined ? {} : { variant }),
    ...(osVersion === undefined ? {} : { osVersion }),
    osFeatures: [],
    features: [],
  };
}

/**
 * `linux/arm64/v8`, `windows/amd64:10.0.20348.1`; features are not shown. A missing os before a known architecture
 * reads `unknown`. The text is a registry's own: show it through `displayText`.
 */
export function formatPlatform(platform: Platform): string {
  const { architecture, variant, osVersion } = platform;
  const os = platform.os === '' && architecture !== '' ? 'unknown' : platform.os;
  const parts = [os, architecture, variant ?? ''].filter((part) => part !== '');
  return osVersion === undefined || osVersion === '' ? parts.join('/') : `${parts.join('/')}:${osVersion}`;
}

const OS_ALIASES: ReadonlyMap<string, string> = new Map([['macos', 'darwin']]);

/** Other names of an architecture, each with the variant that the name implies. */
const ARCHITECTURE_ALIASES: ReadonlyMap<string, readonly [architecture: string, variant: string | undefined]> = new Map(
  [
    ['aarch64', ['arm64', undefined]],
    ['x86_64', ['amd64', undefined]],
    ['x86-64', ['amd64', undefined]],
    ['i386', ['386', undefined]],
    ['i686', ['386', undefined]],
    ['armhf', ['arm', 'v7']],
    ['armel', ['arm', 'v6']],
    ['armv7l', ['arm', 'v7']],
    ['armv6l', ['arm', 'v6']],
  ],
);

/** The variant that goes without saying, which some tools write and others leave out. */
const IMPLIED_VARIANT: ReadonlyMap<string, string> = new Map([
  ['arm64', 'v8'],
  ['amd64', 'v1'],
]);

function normaliseVariant(architecture: string, variant: string): string | undefined {
  const withV = /^[0-9]/.test(variant) ? `v${variant}` : variant;
  if (architecture === 'arm') return withV === '' ? 'v7' : withV;
  return withV === '' || withV === IMPLIED_VARIANT.get(architecture) ? undefined : withV;
}

/**
 * One spelling for what is one platform: lower case, `aarch64` → `arm64`, `x86_64` → `amd64`, `armhf` → `arm/v7`,
 * `macos` → `darwin`; `arm` without variant is v7, and `arm64/v8` and `amd64/v1` lose the variant that goes without
 * saying. To compare and choose, never to show.
 */
export function normalisePlatform(platform: Platform): Platform {
  const os = platform.os.toLowerCase();
  const written = platform.architecture.toLowerCase();
  const [architecture, implied] = ARCHITECTURE_ALIASES.get(written) ?? [written, undefined];
  const typed = platform.variant?.toLowerCase() ?? '';
  const variant = normaliseVariant(architecture, typed === '' ? (implied ?? '') : typed);
  return {
    os: OS_ALIASES.get(os) ?? os,
    architecture,
    ...(variant === undefined ? {} : { variant }),
    ...(platform.osVersion === undefined || platform.osVersion === '' ? {} : { osVersion: platform.osVersion }),
    osFeatures: platform.osFeatures,
    features: platform.features,
  };
}
