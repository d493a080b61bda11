import { expect, it } from 'vitest';
import { describeDesktop } from './support/drivers.ts';

describeDesktop('paths of files', (app) => {
  it('E9 are told by one function, and only of files that came from the disk', async () => {
    const told = await app().page.evaluate(() => {
      const { pathOfFile } = Reflect.get(window, 'gantry') as { pathOfFile: (file: File) => string };
      return pathOfFile(new File(['x'], 'images.tar'));
    });
    expect(told).toBe('');
  });

  it('E9 are told of a file that was dropped', async () => {
    const isStandIn = await app().inMain(({ app: electron }) => 'sandboxed' in electron);
    const told = await app().page.evaluate((path) => {
      const { pathOfFile } = Reflect.get(window, 'gantry') as { pathOfFile: (file: File) => string };
      // True Electron knows by itself; nothing but a real drop gives it such a file.
      return pathOfFile(Object.assign(new File(['x'], 'images.tar'), { standInPath: path }));
    }, '/home/somebody/images.tar');
    expect(told).toBe(isStandIn ? '/home/somebody/images.tar' : '');
  });
});
