import type { Ecosystem, PackageDatabase } from '#shared/api/packages.ts';
import { formatCount } from './format-bytes.ts';

/** As people call them. */
export const ECOSYSTEM_NAMES: Readonly<Record<Ecosystem, string>> = {
  deb: 'Debian',
  apk: 'Alpine',
  rpm: 'RPM',
  npm: 'npm',
  pypi: 'Python',
  go: 'Go',
};

const STATES: Readonly<Record<Exclude<PackageDatabase['state'], 'read' | 'not-searched'>, string>> = {
  'not-readable': 'is in a form that Gantry does not read',
  'too-large': 'is larger than Gantry reads',
  broken: 'is damaged',
};

/** What is to be said of a database that was not read whole; it may hold packages that no list shows. */
export function databaseNote({ ecosystem, path, state, fileCount = 1 }: PackageDatabase): string | undefined {
  if (state === 'not-searched') {
    const others = fileCount - 1;
    if (others === 0) return `Go: /${path} was not searched for modules.`;
    return `Go: /${path} and ${formatCount(others)} other program${others === 1 ? '' : 's'} were not searched for modules.`;
  }
  return state === 'read' ? undefined : `${ECOSYSTEM_NAMES[ecosystem]}: /${path} ${STATES[state]}.`;
}
