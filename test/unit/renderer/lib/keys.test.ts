import { shortcutOf, type KeyStroke } from '#renderer/lib/keys.ts';
import { describe, expect, it } from 'vitest';

const stroke = (key: string, held: Partial<KeyStroke> = {}): KeyStroke => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

describe('shortcutOf', () => {
  it('takes Ctrl and Cmd alike', () => {
    expect(shortcutOf(stroke('k', { ctrlKey: true }))).toEqual({ kind: 'palette' });
    expect(shortcutOf(stroke('l', { metaKey: true }))).toEqual({ kind: 'address' });
  });

  it('goes round tabs and panes in both directions', () => {
    expect(shortcutOf(stroke('Tab', { ctrlKey: true, shiftKey: true }))).toEqual({ kind: 'cycle-tab', step: -1 });
    expect(shortcutOf(stroke('F6'))).toEqual({ kind: 'cycle-pane', step: 1 });
  });

  it('goes to a tab by its number', () => {
    expect(shortcutOf(stroke('3', { altKey: true }))).toEqual({ kind: 'go-to-tab', index: 2 });
  });

  it('leaves typing, copying and AltGr alone', () => {
    expect(shortcutOf(stroke('k'))).toBeUndefined();
    expect(shortcutOf(stroke('c', { ctrlKey: true }))).toBeUndefined();
    expect(shortcutOf(stroke('w', { ctrlKey: true, altKey: true }))).toBeUndefined();
  });
});
