import type { WirePlatform } from '../image-builder/content.ts';

export const LINUX_AMD64: WirePlatform = { architecture: 'amd64', os: 'linux' };
export const LINUX_ARM64: WirePlatform = { architecture: 'arm64', os: 'linux', variant: 'v8' };
export const LINUX_ARM: WirePlatform = { architecture: 'arm', os: 'linux', variant: 'v7' };
export const WINDOWS_AMD64: WirePlatform = { architecture: 'amd64', os: 'windows', 'os.version': '10.0.20348.4405' };

/** What every Linux sample has as its search path. */
export const LINUX_PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
