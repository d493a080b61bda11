import type { Locator, Page } from 'playwright-core';
import { gantryPage } from './gantry-page.ts';

/** What one image of the table or a row of the tree is dragged onto. */
async function dragTo(page: Page, from: Locator, to: Locator): Promise<void> {
  // Waits until it is in view and stands still.
  await from.hover();
  const start = await from.boundingBox();
  const end = await to.boundingBox();
  if (start === null || end === null) throw new Error('nothing to drag, or nowhere to drag it');
  await page.mouse.down();
  await page.mouse.move(start.x + start.width / 2 + 12, start.y + start.height / 2 + 12, { steps: 3 });
  await page.mouse.move(end.x + 60, end.y + end.height / 2, { steps: 6 });
  // A browser goes on telling where the pointer is while it rests; the remote control does not.
  // A move onto another element only enters it: the second one is over it.
  for (const x of [62, 63]) await page.mouse.move(end.x + x, end.y + end.height / 2);
}

/** Files as the desktop would drop them: the event is made in the page, as no remote control has a desktop. */
async function dropFiles(
  target: Locator,
  files: readonly { readonly name: string; readonly bytes: Uint8Array }[],
): Promise<void> {
  const sent = files.map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString('base64') }));
  await target.evaluate((element, list) => {
    const transfer = new DataTransfer();
    for (const { name, base64 } of list) {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      transfer.items.add(new File([bytes], name));
    }
    const { left, top, height } = element.getBoundingClientRect();
    const at = { clientX: left + 60, clientY: top + height / 2, bubbles: true, cancelable: true, composed: true };
    const fire = (type: string) => element.dispatchEvent(new DragEvent(type, { ...at, dataTransfer: transfer }));
    fire('dragenter');
    fire('dragover');
    fire('drop');
  }, sent);
}

/** Where the wizards, the dock and the page of transfers are, as a person finds them. */
export function transferPage(page: Page) {
  const at = gantryPage(page);
  const { dialog } = at;
  const dock = page.getByRole('contentinfo').getByRole('region', { name: 'Transfers' });
  return {
    ...at,
    dock,
    badge: page.locator('[data-drag-badge]'),
    /** The rows of the plan that is open, without its head. */
    planRows: dialog
      .getByRole('grid', { name: 'Plan' })
      .getByRole('row')
      .filter({ has: page.getByRole('gridcell') }),
    /** A row of the tag table of the page. */
    tagRow: (tag: string): Locator =>
      at.main
        .getByRole('grid')
        .getByRole('row')
        .filter({ has: page.getByRole('rowheader', { name: tag, exact: true }) }),
    openRepository: async (registryId: string, repository: string): Promise<void> => {
      await page.evaluate(
        (path) => {
          location.hash = path;
        },
        `/registry/${registryId}/repository/${encodeURIComponent(repository)}`,
      );
      await at.main.getByRole('heading', { level: 1, name: repository }).waitFor();
      await at.main.getByRole('grid').getByRole('rowheader').first().waitFor();
    },
    drag: (from: Locator, to: Locator): Promise<void> => dragTo(page, from, to),
    dropFiles: (target: Locator, files: Parameters<typeof dropFiles>[1]): Promise<void> => dropFiles(target, files),
    makePlan: async (): Promise<void> => {
      await dialog.getByRole('button', { name: 'Make the plan' }).click();
    },
    /** Waits until the plan is whole, and starts it. */
    start: async (name: 'Start copy' | 'Start push' | 'Start saving'): Promise<void> => {
      const button = dialog.getByRole('button', { name });
      await button.and(page.locator(':not([aria-disabled="true"])')).click();
      await dialog.waitFor({ state: 'detached' });
    },
    /** A transfer in the dock whose words have all of this. */
    line: (words: string | RegExp): Locator => dock.getByRole('listitem').filter({ hasText: words }),
  };
}

export type TransferPage = ReturnType<typeof transferPage>;
