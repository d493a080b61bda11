import { readdirSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFileLogger, createLineLogger } from '#main/core/system/json-logger.ts';
import { createSystemClock } from '#main/core/system/system-clock.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const clock = createSystemClock();

describe('createSystemClock', () => {
  it('sleeps until aborted, and rejects with the reason given', async () => {
    const stop = new AbortController();
    const sleeping = clock.sleep(3_600_000, stop.signal);
    const reason = new TypeError('enough');
    stop.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
  });

  it('resolves when the time is over', async () => {
    await expect(clock.sleep(1)).resolves.toBeUndefined();
  });
});

describe('createLineLogger', () => {
  it('writes one JSON line an event and drops what is below its level', () => {
    const lines: string[] = [];
    const logger = createLineLogger({ clock: { ...clock, now: () => 0 } }, (line) => lines.push(line));
    logger.log('debug', 'quiet');
    logger.log('warn', 'loud', { text: 'a\nb', count: 2, absent: undefined });
    expect(lines).toEqual([
      '{"time":"1970-01-01T00:00:00.000Z","level":"warn","event":"loud","text":"a\\nb","count":2}\n',
    ]);
  });
});

describe('createFileLogger', () => {
  it('writes a file of mode 0600 and starts a new one at 5 MiB', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'gantry.log');
    const logger = createFileLogger({ clock, path });
    logger.log('info', 'first');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    truncateSync(path, 5 * 1024 * 1024);
    logger.log('info', 'second');
    expect(readdirSync(folder).toSorted()).toEqual(['gantry.log', 'gantry.log.1']);
    expect(readFileSync(path, 'utf8')).toContain('second');
  });

  it('gives up silently where nothing can be written', () => {
    const logger = createFileLogger({ clock, path: join(temporaryFolder(), 'missing', 'gantry.log') });
    expect(() => logger.log('error', 'lost')).not.toThrow();
  });
});
