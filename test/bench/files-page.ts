import type { Page } from 'playwright-core';

/** Of the rows of the table of files. */
const ROW_HEIGHT = 26;

/** Opens a directory of the tree by its twisty; resolves once its children have their room and the first are there. */
export function openDirectory(page: Page, name: string, children: number): Promise<void> {
  return page.evaluate(
    async ([wanted, count, height]) => {
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      /** Of all rows; the grid itself is never lower than its pane. */
      const room = () =>
        document.querySelector<HTMLElement>('[role=treegrid] > [role=rowgroup]:last-child')?.offsetHeight;
      const find = () =>
        [...document.querySelectorAll('[role=treegrid] [data-index]')].find((row) =>
          row.querySelector('[role=gridcell]')?.textContent.startsWith(wanted),
        );
      while (find() === undefined) await frame();
      const before = room() ?? 0;
      const twisty = find()?.querySelector('[data-twisty]');
      twisty?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
      const isOpen = () =>
        (room() ?? 0) >= before + (count - 1) * height &&
        document.querySelector('[role=treegrid] [aria-busy=true]') === null;
      while (!isOpen()) await frame();
    },
    [name, children, ROW_HEIGHT] as const,
  );
}

/** Types into the search, a character at a time as a person would, and waits for a count of what was found. */
export function searchFiles(page: Page, pattern: string, atLeast: number): Promise<void> {
  return page.evaluate(
    async ([text, count, height]) => {
      const field = document.querySelector<HTMLInputElement>('input[aria-label="Find files"]');
      if (field === null) throw new Error('no search');
      for (const character of text) {
        // As the keyboard does: not by the property, which React watches.
        field.setRangeText(character, field.value.length, field.value.length, 'end');
        field.dispatchEvent(new Event('input', { bubbles: true }));
        await new Promise((done) => setTimeout(done, 90));
      }
      const found = () => document.querySelector('[role=treegrid][aria-label="Files found"]');
      while ((found()?.scrollHeight ?? 0) < count * height) await new Promise((done) => requestAnimationFrame(done));
    },
    [pattern, atLeast, ROW_HEIGHT] as const,
  );
}

/** Shows the files in another form; resolves when `selector` is there. */
export function showAs(page: Page, form: 'Tree' | 'Largest' | 'Map', selector: string): Promise<void> {
  return page.evaluate(
    async ([label, wanted]) => {
      const choices = [...document.querySelectorAll<HTMLElement>('[aria-label="View as"] *')];
      choices.find(({ textContent, children }) => textContent === label && children.length === 0)?.click();
      while (document.querySelector(wanted) === null) await new Promise((done) => requestAnimationFrame(done));
    },
    [form, selector] as const,
  );
}
