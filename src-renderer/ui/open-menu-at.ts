import { isShortcut, type KeyStroke } from '../lib/shortcuts.ts';

/** The keys that open the menu of what has the focus. */
export function isMenuKey(event: KeyStroke): boolean {
  return isShortcut(event, 'row-menu');
}

/** Opens the context menu of an element as a right click under its beginning would: rows share one menu. */
export function openMenuAt(element: Element | null): void {
  if (element === null) return;
  const { left, bottom } = element.getBoundingClientRect();
  const init = { bubbles: true, cancelable: true, clientX: left + 32, clientY: bottom - 4 };
  element.dispatchEvent(new window.MouseEvent('contextmenu', init));
}
