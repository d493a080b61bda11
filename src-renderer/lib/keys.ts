/** Only what a key event must have, so that it can be made in a test. */
export type KeyStroke = {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
};

export type Shortcut =
  | {
      readonly kind:
        | 'palette'
        | 'address'
        | 'close-tab'
        | 'reopen-tab'
        | 'back'
        | 'forward'
        | 'toggle-tree'
        | 'toggle-inspector'
        | 'settings';
    }
  | { readonly kind: 'cycle-tab' | 'cycle-pane'; readonly step: 1 | -1 }
  | { readonly kind: 'go-to-tab'; readonly index: number };

const WITH_COMMAND: Partial<Record<string, Shortcut>> = {
  k: { kind: 'palette' },
  p: { kind: 'palette' },
  l: { kind: 'address' },
  w: { kind: 'close-tab' },
  b: { kind: 'toggle-tree' },
  i: { kind: 'toggle-inspector' },
  ',': { kind: 'settings' },
  '[': { kind: 'back' },
  ']': { kind: 'forward' },
};
const WITH_COMMAND_SHIFT: Partial<Record<string, Shortcut>> = { t: { kind: 'reopen-tab' } };
const WITH_ALT: Partial<Record<string, Shortcut>> = {
  ArrowLeft: { kind: 'back' },
  ArrowRight: { kind: 'forward' },
  w: { kind: 'close-tab' },
};

function withAlt(key: string): Shortcut | undefined {
  return /^[1-9]$/.test(key) ? { kind: 'go-to-tab', index: Number(key) - 1 } : WITH_ALT[key];
}

/** What a key stroke asks of the window, wherever the focus is. */
export function shortcutOf(stroke: KeyStroke): Shortcut | undefined {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = stroke;
  const isCommand = ctrlKey || metaKey;
  const step = shiftKey ? -1 : 1;
  if (key === 'F6') return { kind: 'cycle-pane', step };
  if (ctrlKey && key === 'Tab') return { kind: 'cycle-tab', step };
  if (altKey) return isCommand ? undefined : withAlt(key);
  if (!isCommand) return undefined;
  return (shiftKey ? WITH_COMMAND_SHIFT : WITH_COMMAND)[key.toLowerCase()];
}
