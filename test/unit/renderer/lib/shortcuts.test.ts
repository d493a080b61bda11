import {
  isShortcut,
  keysOf,
  SHORTCUT_GROUPS,
  shortcutKeys,
  shortcutLabel,
  windowShortcut,
  type KeyStroke,
} from '#renderer/lib/shortcuts.ts';
import { describe, expect, it } from 'vitest';

const stroke = (key: string, held: Partial<KeyStroke> = {}): KeyStroke => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

describe('windowShortcut', () => {
  it('takes Ctrl and Cmd alike', () => {
    expect(windowShortcut(stroke('k', { ctrlKey: true }))?.id).toBe('palette');
    expect(windowShortcut(stroke('l', { metaKey: true }))?.id).toBe('address');
  });

  it('goes round tabs and panes in both directions', () => {
    expect(windowShortcut(stroke('Tab', { ctrlKey: true, shiftKey: true }))?.id).toBe('previous-tab');
    expect(windowShortcut(stroke('Tab', { ctrlKey: true }))?.id).toBe('next-tab');
    expect(windowShortcut(stroke('F6'))?.id).toBe('next-pane');
    expect(windowShortcut(stroke('F6', { shiftKey: true }))?.id).toBe('previous-pane');
  });

  it('goes to a tab by its number', () => {
    expect(windowShortcut(stroke('3', { altKey: true }))).toEqual({ id: 'go-to-tab', index: 2 });
  });

  it('leaves typing, copying and AltGr alone', () => {
    expect(windowShortcut(stroke('k'))).toBeUndefined();
    expect(windowShortcut(stroke('c', { ctrlKey: true }))).toBeUndefined();
    expect(windowShortcut(stroke('w', { ctrlKey: true, altKey: true }))).toBeUndefined();
    expect(windowShortcut(stroke('T', { ctrlKey: true }))).toBeUndefined();
  });

  it('does not mind where a keyboard has a character that is no letter', () => {
    expect(windowShortcut(stroke('?', { shiftKey: true }))?.id).toBe('shortcuts');
    expect(windowShortcut(stroke('?'))?.id).toBe('shortcuts');
    expect(windowShortcut(stroke('/', { ctrlKey: true, shiftKey: true }))?.id).toBe('shortcuts');
  });
});

describe('isShortcut', () => {
  it('knows the other keys of an action', () => {
    expect(isShortcut(stroke('ContextMenu'), 'row-menu')).toBe(true);
    expect(isShortcut(stroke('F10', { shiftKey: true }), 'row-menu')).toBe(true);
    expect(isShortcut(stroke('F10'), 'row-menu')).toBe(false);
    expect(isShortcut(stroke(' '), 'tick')).toBe(true);
    expect(isShortcut(stroke(' ', { ctrlKey: true }), 'tick')).toBe(false);
  });
});

describe('the list of shortcuts', () => {
  const all = SHORTCUT_GROUPS.flatMap(({ ids }) => ids);

  it('has each once, with words and keys', () => {
    expect(new Set(all).size).toBe(all.length);
    for (const id of all) {
      expect(shortcutLabel(id)).not.toBe('');
      expect(shortcutKeys(id).every((keys) => keys.trim() !== '')).toBe(true);
    }
  });

  it('shows keys as they are printed', () => {
    expect([keysOf('back'), keysOf('tick'), keysOf('save')]).toEqual(['Alt ←', 'Space', 'Ctrl S']);
    expect(shortcutKeys('go-to-tab')).toEqual(['Alt 1 … 9']);
  });

  it('gives no key two meanings in the window', () => {
    const keys = SHORTCUT_GROUPS.slice(0, 2).flatMap(({ ids }) => ids.flatMap(shortcutKeys));
    expect(new Set(keys).size).toBe(keys.length);
  });
});
