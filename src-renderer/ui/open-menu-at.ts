/** The keys that open the menu of what has the focus. */
export function isMenuKey(event: { readonly key: string; readonly shiftKey: boolean }): boolean {
  return event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey);
}

/** Opens the context menu of an element as a right click under its beginning would: rows share one menu. */
export function openMenuAt(element: Element | null): void {
  if (element === null) return;
  const { left, bottom } = element.getBoundingClientRect();
  const init = { bubbles: true, cancelable: true, clientX: left + 32, clientY: bottom - 4 };
  element.dispatchEvent(new window.MouseEvent('contextmenu', init));
}
