import { beforeEach, expect, it, vi } from 'vitest';
import { setApplicationMenu } from '#main/hosts/electron/menu.ts';
import { isShortcut, keysOf, shortcutKeys } from '#renderer/lib/shortcuts.ts';

type Item = {
  readonly label?: string;
  readonly role?: string;
  readonly accelerator?: string;
  readonly registerAccelerator?: boolean;
  readonly click?: () => void;
  readonly submenu?: readonly Item[];
};
type Input = { readonly type: string; readonly keyCode: string; readonly modifiers?: readonly string[] };

const seen = vi.hoisted(() => ({ menu: [] as Item[], inputs: [] as Input[], hasWindow: true }));

vi.mock('electron', () => ({
  BrowserWindow: {
    getFocusedWindow: () =>
      seen.hasWindow ? { webContents: { sendInputEvent: (input: Input) => seen.inputs.push(input) } } : null,
  },
  Menu: {
    buildFromTemplate: (template: Item[]) => template,
    setApplicationMenu: (menu: Item[]) => (seen.menu = menu),
  },
  shell: {},
}));

beforeEach(() => {
  Object.assign(seen, { menu: [], inputs: [], hasWindow: true });
});

function shortcutsItem(): Item {
  setApplicationMenu('/data', 'linux');
  const help = seen.menu.find(({ role }) => role === 'help');
  const item = help?.submenu?.find(({ label }) => label === 'Keyboard shortcuts');
  if (item === undefined) throw new Error('there is no such item');
  return item;
}

it('Help shows the shortcuts by pressing the key that the page has for them', () => {
  shortcutsItem().click?.();
  expect(seen.inputs.map(({ type }) => type)).toEqual(['keyDown', 'keyUp']);
  for (const { keyCode, modifiers = [] } of seen.inputs) {
    const stroke = {
      key: keyCode,
      ctrlKey: modifiers.includes('control'),
      metaKey: modifiers.includes('meta'),
      altKey: modifiers.includes('alt'),
      shiftKey: modifiers.includes('shift'),
    };
    expect(isShortcut(stroke, 'shortcuts')).toBe(true);
  }
});

it('Help names that key and leaves it to the page', () => {
  const { accelerator, registerAccelerator } = shortcutsItem();
  expect(registerAccelerator).toBe(false);
  expect(shortcutKeys('shortcuts')).toContain(accelerator?.replace('CmdOrCtrl+', 'Ctrl '));
  expect(keysOf('shortcuts')).toBe('?');
});

it('nothing is pressed where no window has the focus', () => {
  seen.hasWindow = false;
  shortcutsItem().click?.();
  expect(seen.inputs).toEqual([]);
});
