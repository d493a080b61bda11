/** The zones F6 goes round, in order: each is a landmark with this attribute. */
const PANES = '[data-pane]';
const TARGETS =
  '[data-pane-focus], [role="tree"], [role="grid"], [tabindex="0"], button:not([disabled]), input, a[href], select';

function focusTarget(pane: Element): HTMLElement | null {
  return pane.querySelector<HTMLElement>(TARGETS);
}

/** Moves the focus to the next zone that is shown, round the ends. */
export function cyclePane(step: 1 | -1): void {
  const panes = [...document.querySelectorAll(PANES)].filter((pane) => focusTarget(pane) !== null);
  const current = panes.findIndex((pane) => pane.contains(document.activeElement));
  const start = current === -1 && step === -1 ? 0 : current;
  const next = panes[(start + step + panes.length) % panes.length];
  if (next !== undefined) focusTarget(next)?.focus();
}
