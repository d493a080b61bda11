/** `linux/amd64` is so common that `amd64` says it; all others keep their system: `windows/amd64`. */
export function shortPlatform(platform: string): string {
  return platform.startsWith('linux/') ? platform.slice('linux/'.length) : platform.replace(/:.*$/, '');
}
