import type { Platform } from '#shared/oci/platform.ts';

/** Node's names of processors in the terms of Go, which images use. */
const ARCHITECTURES: ReadonlyMap<string, Pick<Platform, 'architecture' | 'variant'>> = new Map([
  ['x64', { architecture: 'amd64' }],
  ['arm64', { architecture: 'arm64', variant: 'v8' }],
  ['arm', { architecture: 'arm', variant: 'v7' }],
  ['ia32', { architecture: '386' }],
  ['ppc64', { architecture: 'ppc64le' }],
]);

/** What a person on this machine would run: linux, with the machine's processor. */
export function defaultPlatform(arch: string = process.arch): Platform {
  const known = ARCHITECTURES.get(arch) ?? { architecture: arch };
  return { os: 'linux', ...known, osFeatures: [], features: [] };
}
