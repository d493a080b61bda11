import type { FileRow, Hiding } from '#shared/api/file-rows.ts';

const TYPE_LETTERS: Readonly<Record<FileRow['type'], string>> = {
  file: '-',
  directory: 'd',
  symlink: 'l',
  hardlink: '-',
  'char-device': 'c',
  'block-device': 'b',
  fifo: 'p',
  whiteout: 'w',
};

/** What a screen reader says, and the tooltip of the icon. */
export const TYPE_NAMES: Readonly<Record<FileRow['type'], string>> = {
  file: 'file',
  directory: 'directory',
  symlink: 'symbolic link',
  hardlink: 'hard link',
  'char-device': 'character device',
  'block-device': 'block device',
  fifo: 'named pipe',
  whiteout: 'deletes what lies below',
};

function triple(bits: number, special: boolean, letter: string): string {
  const execute = (bits & 1) !== 0;
  const last = special ? (execute ? letter : letter.toUpperCase()) : execute ? 'x' : '-';
  return `${(bits & 4) === 0 ? '-' : 'r'}${(bits & 2) === 0 ? '-' : 'w'}${last}`;
}

/** Mode bits as `ls -l` writes them: `-rwxr-sr-x`. */
export function formatMode(type: FileRow['type'], mode: number): string {
  const user = triple(mode >> 6, (mode & 0o4000) !== 0, 's');
  const group = triple(mode >> 3, (mode & 0o2000) !== 0, 's');
  const others = triple(mode, (mode & 0o1000) !== 0, 't');
  return `${TYPE_LETTERS[type]}${user}${group}${others}`;
}

/** `root:root`, or numbers where the layer has no names. */
export function formatOwner({ uid, gid, userName, groupName }: FileRow): string {
  const name = (text: string | undefined, id: number) => (text === undefined || text === '' ? String(id) : text);
  return `${name(userName, uid)}:${name(groupName, gid)}`;
}

const HIDINGS: Readonly<Record<Hiding['how'], (by: string) => string>> = {
  whiteout: (by) => `deleted by ${by}`,
  opaque: (by) => `hidden: ${by} empties its directory`,
  replaced: (by) => `replaced by ${by}`,
  'parent-replaced': (by) => `gone: ${by} replaces its directory`,
  'same-layer': (by) => `written twice in ${by}; the later one counts`,
};

/** `deleted by layer 4`. Layers are counted from 1 wherever a person reads them. */
export function hidingText({ how, layer }: Hiding): string {
  return HIDINGS[how](`layer ${layer + 1}`);
}

const NOTES: Readonly<Record<FileRow['notes'][number], string>> = {
  sparse: 'Has holes that take no room in the layer.',
  opaque: 'This layer hides everything that lower layers have in the directory.',
  'escaping-link': 'Points out of the file system; followed, it stays at the root.',
  'broken-hard-link': 'A hard link to what is not there.',
  'unsafe-name': 'The name could mislead outside the image: it is shown as written and not saved.',
};

/** What is odd about an entry, a sentence each. */
export function noteTexts(notes: FileRow['notes']): readonly string[] {
  return notes.map((note) => NOTES[note]);
}
