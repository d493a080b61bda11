import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isGone, isShown } from '#test/support/app.ts';
import { describeDesktop } from './support/drivers.ts';

describeDesktop('saving files out of an image', (app, dataDir) => {
  const main = () => app().page.getByRole('main');
  const strip = () => app().page.getByRole('region', { name: 'Files being saved' });

  /** Answers the system's dialog with a path, or with nothing, and keeps what was suggested and shown. */
  const answerWith = (path: string | undefined) =>
    app().inMain(({ dialog, shell }, filePath) => {
      const seen = { suggested: [] as string[], shown: [] as string[] };
      Reflect.set(globalThis, 'seen', seen);
      Reflect.set(dialog, 'showSaveDialog', async (...args: readonly unknown[]) => {
        seen.suggested.push(String(Reflect.get(args.at(-1) as object, 'defaultPath')));
        return { canceled: filePath === undefined, filePath: filePath ?? '' };
      });
      Reflect.set(shell, 'showItemInFolder', (shown: string) => void seen.shown.push(shown));
    }, path);
  const seen = () =>
    app().inMain(() => Reflect.get(globalThis, 'seen') as { suggested: readonly string[]; shown: readonly string[] });
  const openFile = async () => {
    await app().page.evaluate(() => {
      location.hash = '#/registry/local/image/samples%2Fwhiteouts/latest/files?path=opt%2Ftool%2FVERSION';
    });
    await main().getByRole('heading', { name: 'VERSION' }).waitFor();
  };

  it('asks where to with the dialog of the system, writes there, and shows it in its folder', async () => {
    const path = join(dataDir(), 'saved VERSION');
    await answerWith(path);
    await openFile();
    await app().page.keyboard.press('Control+s');
    await strip().getByText('Saved saved VERSION where you chose').waitFor();
    expect(readFileSync(path, 'utf8')).toBe('2\n');
    expect((await seen()).suggested[0]).toMatch(/VERSION$/);
    await strip().getByRole('button', { name: 'Show in folder' }).click();
    await expect.poll(async () => (await seen()).shown).toEqual([path]);
  });

  it('does nothing when nothing is chosen', async () => {
    await answerWith(undefined);
    await openFile();
    if ((await strip().count()) > 0) await strip().getByRole('button', { name: 'Dismiss' }).click();
    await app().page.keyboard.press('Control+s');
    await expect.poll(async () => (await seen()).suggested.length).toBe(1);
    expect(await isGone(strip())).toBe(true);
  });

  it('says what the disk said when it cannot write there', async () => {
    await answerWith(join(dataDir(), 'no such folder', 'VERSION'));
    await openFile();
    await app().page.keyboard.press('Control+s');
    await strip().getByText('VERSION could not be read or written').waitFor();
    expect(await isShown(strip().getByRole('button', { name: 'Try again' }))).toBe(true);
  });
});
