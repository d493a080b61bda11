import { describe, expect, it } from 'vitest';
import { readArguments } from '#main/hosts/web/arguments.ts';

describe('the arguments of the web host', () => {
  it('are a free port, an opened browser and the usual folder when none is given', () => {
    expect(readArguments([])).toEqual({ port: 0, open: true, dataDir: undefined });
  });

  it('are read', () => {
    const given = readArguments(['--port', '8080', '--no-open', '--data-dir', '/srv/gantry']);
    expect(given).toEqual({ port: 8080, open: false, dataDir: '/srv/gantry' });
  });

  it.each([
    [['--port', '65536']],
    [['--port', '-1']],
    [['--port', '80a']],
    [['--port', '']],
    [['--port']],
    [['--host', '0.0.0.0']],
    [['--unknown']],
    [['file']],
  ])('are refused when they are %j', (args) => {
    expect(() => readArguments(args)).toThrow(expect.objectContaining({ kind: 'invalid-input' }));
  });
});
