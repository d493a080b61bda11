import { describe, expect, it } from 'vitest';
import { mapHistory } from '#shared/oci/history.ts';

const line = (createdBy: string, emptyLayer = false): { createdBy: string; emptyLayer: boolean } => ({
  createdBy,
  emptyLayer,
});

describe('mapHistory', () => {
  it('gives each layer the line that made it', () => {
    const history = [line('ADD'), line('ENV', true), line('RUN'), line('CMD', true)];
    expect(mapHistory(history, 2)).toEqual({
      state: 'mapped',
      lines: [
        { ...line('ADD'), layerIndex: 0 },
        line('ENV', true),
        { ...line('RUN'), layerIndex: 1 },
        line('CMD', true),
      ],
      lineOfLayer: [0, 2],
    });
  });

  it.each([0, 1, 3])('maps nothing when two lines stand against %i layers', (layers) => {
    const history = [line('ADD'), line('RUN')];
    expect(mapHistory(history, layers)).toEqual({ state: 'mismatch', lines: history, lineOfLayer: [] });
  });

  it('tells no history from one that does not match', () => {
    expect(mapHistory([], 2)).toEqual({ state: 'missing', lines: [], lineOfLayer: [] });
  });
});
