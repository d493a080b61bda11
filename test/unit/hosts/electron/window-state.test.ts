import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readWindowState, rememberWindow, visibleBounds } from '#main/hosts/electron/window-state.ts';

type RememberedWindow = Parameters<typeof rememberWindow>[0];

const screen = { x: 0, y: 25, width: 1920, height: 1055 };
const left = { x: -1280, y: 0, width: 1280, height: 1024 };
const usual = { width: 1280, height: 800 };
const state = { x: 100, y: 100, width: 1000, height: 700, maximized: false };

describe('visibleBounds', () => {
  it('are the usual size on a first start, placed by the system', () => {
    expect(visibleBounds(undefined, [screen])).toEqual(usual);
  });

  it('are those remembered, on a second screen too', () => {
    expect(visibleBounds(state, [screen])).toEqual({ x: 100, y: 100, width: 1000, height: 700 });
    expect(visibleBounds({ ...state, x: -1200 }, [screen, left])).toMatchObject({ x: -1200, y: 100 });
  });

  it.each([
    ['on a screen that is gone', { ...state, x: -1200 }],
    ['off to the right', { ...state, x: 1900 }],
    ['below', { ...state, y: 1070 }],
    ['with the title bar above the screen', { ...state, y: -10 }],
  ])('are the usual ones when the window would be %s', (_where, away) => {
    expect(visibleBounds(away, [screen])).toEqual(usual);
  });

  it('are no larger than the screen', () => {
    expect(visibleBounds({ ...state, width: 4000, height: 3000 }, [screen])).toMatchObject({
      width: 1920,
      height: 1055,
    });
  });

  it('always show a part of the title bar that can be grabbed', () => {
    const place = fc.integer({ min: -5000, max: 5000 });
    const size = fc.integer({ min: 640, max: 5000 });
    fc.assert(
      fc.property(place, place, size, size, (x, y, width, height) => {
        const bounds = visibleBounds({ x, y, width, height, maximized: false }, [screen, left]);
        const { x: seenX = 0, y: seenY = 25 } = bounds;
        const on = [screen, left].some(
          (area) =>
            Math.min(seenX + bounds.width, area.x + area.width) - Math.max(seenX, area.x) >= 120 &&
            seenY >= area.y &&
            seenY <= area.y + area.height - 40,
        );
        expect(on).toBe(true);
      }),
    );
  });
});

describe('the window state', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'gantry-window-'));
  });
  afterEach(() => {
    chmodSync(dir, 0o700);
    rmSync(dir, { recursive: true });
  });

  const closeIn = (folder: string) => {
    let close = (): void => undefined;
    const window = {
      on: (_event: string, listener: () => void) => (close = listener),
      getNormalBounds: () => ({ x: 1, y: 2, width: 800, height: 600 }),
      isMaximized: () => true,
    };
    rememberWindow(window as unknown as RememberedWindow, folder);
    close();
  };

  it('is kept when the window closes, for its owner only', () => {
    closeIn(dir);
    expect(readWindowState(dir)).toEqual({ x: 1, y: 2, width: 800, height: 600, maximized: true });
    expect(statSync(join(dir, 'window.json')).mode & 0o777).toBe(0o600);
  });

  it.each(['', '{', '[]', '{"x":0}', '{"x":1e9,"y":"0","width":1,"height":1,"maximized":1}', 'null'])(
    'is nothing when the file holds %j',
    (text) => {
      writeFileSync(join(dir, 'window.json'), text);
      expect(readWindowState(dir)).toBeUndefined();
    },
  );

  it('is lost without a word when it cannot be written', () => {
    const gone = join(dir, 'gone');
    expect(() => closeIn(gone)).not.toThrow();
    expect(readWindowState(gone)).toBeUndefined();
  });
});
