/** Only what a key event must have, so that it can be made in a test. */
export type KeyStroke = {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
};

type Entry = {
  /** What it does, in words. */
  readonly label: string;
  /** Every way to press it, the usual one first: `Ctrl` is ⌘ too, the key itself as `KeyboardEvent.key` names it. */
  readonly keys: readonly [string, ...string[]];
  /** Shown in place of the keys when there are many alike. */
  readonly shown?: string;
};

/** Wherever the focus is. */
const WINDOW = {
  palette: { label: 'Go to anything, run any command', keys: ['Ctrl K', 'Ctrl P'] },
  address: { label: 'Type or paste a reference', keys: ['Ctrl L'] },
  back: { label: 'Back', keys: ['Alt ArrowLeft', 'Ctrl ['] },
  forward: { label: 'Forward', keys: ['Alt ArrowRight', 'Ctrl ]'] },
  'toggle-tree': { label: 'Show or hide the registry tree', keys: ['Ctrl B'] },
  'toggle-inspector': { label: 'Show or hide the inspector', keys: ['Ctrl I'] },
  'next-pane': { label: 'To the next pane', keys: ['F6'] },
  'previous-pane': { label: 'To the pane before', keys: ['Shift F6'] },
  settings: { label: 'Settings', keys: ['Ctrl ,'] },
  shortcuts: { label: 'Keyboard shortcuts', keys: ['?', 'Ctrl /'] },
} as const satisfies Readonly<Record<string, Entry>>;

const TABS = {
  'next-tab': { label: 'Next tab', keys: ['Ctrl Tab'] },
  'previous-tab': { label: 'Tab before', keys: ['Ctrl Shift Tab'] },
  'go-to-tab': {
    label: 'Tab by its number',
    keys: ['Alt 1', 'Alt 2', 'Alt 3', 'Alt 4', 'Alt 5', 'Alt 6', 'Alt 7', 'Alt 8', 'Alt 9'],
    shown: 'Alt 1 … 9',
  },
  'close-tab': { label: 'Close the tab', keys: ['Alt W', 'Ctrl W'] },
  'reopen-tab': { label: 'Open the closed tab again', keys: ['Ctrl Shift T'] },
} as const satisfies Readonly<Record<string, Entry>>;

/** In what has the focus. */
const LISTS = {
  'next-row': { label: 'Next row', keys: ['ArrowDown'] },
  'previous-row': { label: 'Row before', keys: ['ArrowUp'] },
  'next-page': { label: 'A page down', keys: ['PageDown'] },
  'previous-page': { label: 'A page up', keys: ['PageUp'] },
  'first-row': { label: 'First row', keys: ['Home'] },
  'last-row': { label: 'Last row', keys: ['End'] },
  unfold: { label: 'Open a folder, then go into it', keys: ['ArrowRight'] },
  fold: { label: 'Close a folder, or go to the one above', keys: ['ArrowLeft'] },
  'unfold-siblings': { label: 'Open all folders beside this one (tree)', keys: ['*'] },
  'open-row': { label: 'Open the row', keys: ['Enter'] },
  'show-row': { label: 'Show the row, and stay in the list (tree, files)', keys: [' '] },
  'row-menu': { label: 'Menu of the row', keys: ['Shift F10', 'ContextMenu'] },
  earlier: { label: 'Earlier in the queue (transfers)', keys: ['Alt ArrowUp'] },
  later: { label: 'Later in the queue (transfers)', keys: ['Alt ArrowDown'] },
} as const satisfies Readonly<Record<string, Entry>>;

const IMAGES = {
  mark: { label: 'Mark to copy', keys: ['Ctrl C'] },
  paste: { label: 'Copy what is marked here (tree)', keys: ['Ctrl V'] },
  tick: { label: 'Tick the row (tags)', keys: [' '] },
  'tick-all': { label: 'Tick all rows (tags)', keys: ['Ctrl A'] },
  'untick-all': { label: 'Untick all rows (tags)', keys: ['Escape'] },
} as const satisfies Readonly<Record<string, Entry>>;

const INSIDE = {
  save: { label: 'Save the file or folder', keys: ['Ctrl S'] },
  'leave-directory': { label: 'Out of the directory (map)', keys: ['Backspace'] },
  find: { label: 'Find in the raw document', keys: ['Ctrl F'] },
} as const satisfies Readonly<Record<string, Entry>>;

/** As everywhere, so that nobody looks for them in a list. */
const FIELDS = {
  'clear-filter': { label: 'Empty the filter', keys: ['Escape'] },
  'leave-filter': { label: 'From the filter to the list', keys: ['ArrowDown', 'Enter'] },
  'add-typed': { label: 'Add what is typed to a list', keys: ['Enter'] },
  go: { label: 'Go to the address', keys: ['Enter'] },
  'leave-address': { label: 'Leave the address as it was', keys: ['Escape'] },
  'find-next': { label: 'Next found', keys: ['Enter'] },
  'find-previous': { label: 'Found before', keys: ['Shift Enter'] },
  'leave-find': { label: 'Close the search', keys: ['Escape'] },
  'close-focused-tab': { label: 'Close the tab that has the focus', keys: ['Delete'] },
  'reset-width': { label: 'Width of a pane as at first (divider)', keys: ['Enter'] },
} as const satisfies Readonly<Record<string, Entry>>;

const SHORTCUTS = { ...WINDOW, ...TABS, ...LISTS, ...IMAGES, ...INSIDE, ...FIELDS } as const;

export type ShortcutId = keyof typeof SHORTCUTS;
export type WindowShortcutId = keyof typeof WINDOW | keyof typeof TABS;

type Group = { readonly title: string; readonly ids: readonly ShortcutId[] };

function idsOf<Id extends ShortcutId>(entries: Readonly<Record<Id, Entry>>): readonly Id[] {
  const known: ReadonlySet<string> = new Set(Object.keys(entries));
  return ALL.filter((id): id is Id => known.has(id));
}

function isId(text: string): text is ShortcutId {
  return Object.hasOwn(SHORTCUTS, text);
}

const ALL: readonly ShortcutId[] = Object.keys(SHORTCUTS).filter(isId);

const WINDOW_IDS: readonly WindowShortcutId[] = [...idsOf(WINDOW), ...idsOf(TABS)];

/** Those that are explained to a person, in groups. */
export const SHORTCUT_GROUPS: readonly Group[] = [
  { title: 'Window', ids: idsOf(WINDOW) },
  { title: 'Tabs', ids: idsOf(TABS) },
  { title: 'Inside an image', ids: idsOf(INSIDE) },
  { title: 'Lists and trees', ids: idsOf(LISTS) },
  { title: 'Tree and tags', ids: idsOf(IMAGES) },
];

type Chord = { readonly key: string; readonly command: boolean; readonly alt: boolean; readonly shift: boolean };

function parseChord(text: string): Chord {
  // The space bar is a key of one space.
  const parts = text === ' ' ? [' '] : text.split(' ');
  return {
    key: (parts.at(-1) ?? '').toLowerCase(),
    command: parts.includes('Ctrl'),
    alt: parts.includes('Alt'),
    shift: parts.includes('Shift'),
  };
}

/** Where a character that is no letter lies, and whether with Shift, is the keyboard's affair. */
function ignoresShift(key: string): boolean {
  return key.length === 1 && key !== ' ' && !/\p{L}/u.test(key);
}

function matches(stroke: KeyStroke, text: string): boolean {
  const chord = parseChord(text);
  const key = stroke.key.toLowerCase();
  if (key !== chord.key || stroke.altKey !== chord.alt) return false;
  if ((stroke.ctrlKey || stroke.metaKey) !== chord.command) return false;
  return ignoresShift(key) || stroke.shiftKey === chord.shift;
}

/** Is this the key of that action? */
export function isShortcut(stroke: KeyStroke, id: ShortcutId): boolean {
  return SHORTCUTS[id].keys.some((text) => matches(stroke, text));
}

/** What a key stroke asks of the window; `index` counts the keys of those that have several for several things. */
export function windowShortcut(
  stroke: KeyStroke,
): { readonly id: WindowShortcutId; readonly index: number } | undefined {
  for (const id of WINDOW_IDS) {
    const index = SHORTCUTS[id].keys.findIndex((text) => matches(stroke, text));
    if (index !== -1) return { id, index };
  }
  return undefined;
}

/** True for a key that writes a character where text is typed. */
export function isWriting({ key, ctrlKey, metaKey, altKey }: KeyStroke): boolean {
  return key.length === 1 && !ctrlKey && !metaKey && !altKey;
}

const SHOWN: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  PageDown: 'Page Down',
  PageUp: 'Page Up',
  ContextMenu: 'Menu',
};

function chordText(text: string): string {
  if (text === ' ') return 'Space';
  return text
    .split(' ')
    .map((part) => SHOWN[part] ?? part)
    .join(' ');
}

/** Every way to press it, as it is shown: `Ctrl K`, `Ctrl P`. */
export function shortcutKeys(id: ShortcutId): readonly string[] {
  const { keys, shown }: Entry = SHORTCUTS[id];
  return shown === undefined ? keys.map(chordText) : [shown];
}

/** The usual way to press it, for a hint. */
export function keysOf(id: ShortcutId): string {
  return chordText(SHORTCUTS[id].keys[0]);
}

/** What it does, in words. */
export function shortcutLabel(id: ShortcutId): string {
  return SHORTCUTS[id].label;
}

/** The key alone, of those that are pressed alone. */
export function plainKeyOf(id: keyof typeof LISTS): string {
  return SHORTCUTS[id].keys[0];
}
