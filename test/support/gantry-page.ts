import type { Locator, Page } from 'playwright-core';

/** A registry as a person types it into the dialog. */
export type TypedRegistry = {
  readonly host: string;
  readonly label?: string;
  readonly username?: string;
  readonly password?: string;
  readonly plainHttp?: boolean;
  readonly skipVerification?: boolean;
};

/** Where things are on screen, by role and name, as a person finds them. */
export function gantryPage(page: Page) {
  const tree = page.getByRole('tree', { name: 'Registries' });
  const main = page.getByRole('main');
  const dialog = page.getByRole('dialog');
  return {
    tree,
    main,
    dialog,
    inspector: page.getByRole('complementary'),
    /** The rows of the tree with exactly this name. */
    row: (name: string | RegExp): Locator => tree.getByRole('treeitem', { name, exact: true }),
    tab: (name: string | RegExp): Locator => main.getByRole('tab', { name }),
    button: (name: string | RegExp): Locator => page.getByRole('button', { name }),
    alert: main.getByRole('alert'),
    openDialog: async (): Promise<void> => {
      await page.getByRole('button', { name: 'Add registry', exact: true }).click();
      await dialog.waitFor();
    },
    typeIn: (registry: TypedRegistry): Promise<void> => fillConnectDialog(dialog, registry),
    /** Adds a registry by the dialog and waits until its page is there. */
    add: async (registry: TypedRegistry): Promise<void> => {
      await page.getByRole('button', { name: 'Add registry', exact: true }).click();
      await dialog.waitFor();
      await fillConnectDialog(dialog, registry);
      await dialog.getByRole('button', { name: 'Add registry' }).click();
      await dialog.waitFor({ state: 'detached' });
      await main.getByRole('heading', { level: 1, name: registry.label ?? registry.host }).waitFor();
    },
    /** Goes to a path of the app by way of another page, so that nothing is kept of the one that is shown. */
    goAnew: async (path: string): Promise<void> => {
      const elsewhere = main.getByRole('heading', { level: 1, name: 'Settings', exact: true });
      await goToPath(page, '/settings');
      // Two addresses in a row may be drawn as one.
      await elsewhere.waitFor();
      await goToPath(page, path);
      await elsewhere.waitFor({ state: 'detached' });
    },
    /** Opens a row of the tree, unless it is open. */
    unfold: async (row: Locator): Promise<void> => {
      if ((await row.getAttribute('aria-expanded')) !== 'true') await row.locator('[data-twisty]').click();
      await row.and(page.locator('[aria-expanded="true"]')).waitFor();
    },
    /** Types or pastes a reference into the address bar and goes. */
    goTo: async (reference: string): Promise<void> => {
      await page.keyboard.press('Control+l');
      const field = page.getByRole('textbox', { name: /^Address/ });
      await field.fill(reference);
      await field.press('Enter');
    },
  };
}

export type GantryPage = ReturnType<typeof gantryPage>;

async function goToPath(page: Page, path: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, path);
}

/** Unfolds the connection options, unless they are open. */
async function openOptions(dialog: Locator): Promise<void> {
  const options = dialog.getByRole('button', { name: 'Connection options' });
  if ((await options.getAttribute('aria-expanded')) === 'false') await options.click();
}

async function fillConnectDialog(dialog: Locator, registry: TypedRegistry): Promise<void> {
  const { host, label, username, password, plainHttp = false, skipVerification = false } = registry;
  await dialog.getByLabel('Host').fill(host);
  if (label !== undefined) await dialog.getByLabel('Label (optional)').fill(label);
  if (username !== undefined) {
    await dialog.getByRole('radio', { name: 'User name and password or token' }).click();
    await dialog.getByLabel('User name', { exact: true }).fill(username);
    await dialog.getByLabel('Password or access token').fill(password ?? '');
  }
  if (plainHttp || skipVerification) await openOptions(dialog);
  if (plainHttp) await dialog.getByRole('checkbox', { name: 'Plain HTTP' }).click();
  if (skipVerification) await dialog.getByRole('checkbox', { name: 'Skip certificate verification' }).click();
}
