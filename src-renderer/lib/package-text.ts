import type { Ecosystem, PackageDatabase } from '#shared/api/packages.ts';

/** As people call them. */
export const ECOSYSTEM_NAMES: Readonly<Record<Ecosystem, string>> = {
  deb: 'Debian',
  apk: 'Alpine',
  rpm: 'RPM',
  npm: 'npm',
  pypi: 'Python',
  go: 'Go',
};

const STATES: Readonly<Record<Exclude<PackageDatabase['state'], 'read'>, string>> = {
  'not-readable': 'is in a form that Gantry does not read',
  'too-large': 'is larger than Gantry reads',
  broken: 'is damaged',
};

/** What is to be said of a database that was not read whole; it may hold packages that no list shows. */
export function databaseNote({ ecosystem, path, state }: PackageDatabase): string | undefined {
  return state === 'read' ? undefined : `${ECOSYSTEM_NAMES[ecosystem]}: /${path} ${STATES[state]}.`;
}
