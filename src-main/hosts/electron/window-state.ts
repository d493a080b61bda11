import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserWindow, Rectangle } from 'electron';
import { z } from 'zod';

const SMALLEST = { width: 640, height: 400 } as const;
const USUAL = { width: 1280, height: 800 } as const;
/** So much of the window has to be on a screen, so that its title bar can be grabbed. */
const VISIBLE = { width: 120, height: 40 } as const;

const stateSchema = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(SMALLEST.width).max(20_000),
  height: z.int().min(SMALLEST.height).max(20_000),
  maximized: z.boolean(),
});
export type WindowState = z.infer<typeof stateSchema>;

/** What a window is opened with. Without a place the system centres it. */
export type WindowBounds = {
  readonly width: number;
  readonly height: number;
  readonly x?: number;
  readonly y?: number;
};

const fileOf = (dataDir: string): string => join(dataDir, 'window.json');

/** Undefined on a first start, and when the file is not what we wrote. */
export function readWindowState(dataDir: string): WindowState | undefined {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(fileOf(dataDir), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Remembers the window when it closes. A disk that is full loses the place and nothing else. */
export function rememberWindow(window: BrowserWindow, dataDir: string): void {
  window.on('close', () => {
    const { x, y, width, height } = window.getNormalBounds();
    const state = { x, y, width, height, maximized: window.isMaximized() };
    try {
      writeFileSync(fileOf(dataDir), JSON.stringify(state), { mode: 0o600 });
    } catch {
      // The next start opens at the usual place.
    }
  });
}

function overlap(a: Rectangle, b: Rectangle): { readonly width: number; readonly height: number } {
  return {
    width: Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x),
    height: Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y),
  };
}

/** The window cut to a screen's size, if enough of it is then on that screen. */
function boundsOn(area: Rectangle, { x, y, width, height }: WindowState): Rectangle | undefined {
  const bounds = { x, y, width: Math.min(width, area.width), height: Math.min(height, area.height) };
  const seen = overlap(bounds, area);
  const canBeGrabbed = seen.width >= VISIBLE.width && seen.height >= VISIBLE.height && y >= area.y;
  return canBeGrabbed ? bounds : undefined;
}

/** The remembered bounds if they can be seen on a screen there is now, cut to its size; else the usual size. */
export function visibleBounds(state: WindowState | undefined, workAreas: readonly Rectangle[]): WindowBounds {
  if (state === undefined) return USUAL;
  return workAreas.map((area) => boundsOn(area, state)).find((bounds) => bounds !== undefined) ?? USUAL;
}
