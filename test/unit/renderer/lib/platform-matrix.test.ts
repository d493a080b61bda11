import { describe, expect, test } from 'vitest';
import { configMatrix, sharedLayers } from '#renderer/lib/platform-matrix.ts';
import { descriptorSchema } from '#shared/oci/descriptor.ts';
import { imageConfigSchema } from '#shared/oci/image-config.ts';

function config(changes: object = {}) {
  const platform = { os: 'linux', architecture: 'amd64' };
  const empty = { env: [], ports: [], volumes: [], labels: [], onBuild: [], diffIds: [], history: [] };
  return imageConfigSchema.parse({ platform, ...empty, ...changes });
}

function image(...layers: readonly (readonly [fill: string, sizeBytes: number])[]) {
  return {
    layers: layers.map(([fill, sizeBytes]) => ({
      descriptor: descriptorSchema.parse({ mediaType: 'x/y', digest: `sha256:${fill.repeat(32)}`, sizeBytes }),
      compression: 'gzip' as const,
      foreign: false,
    })),
  };
}

describe('configs side by side', () => {
  test('rows say what differs, also when one platform is silent', () => {
    const rows = configMatrix([
      config({ user: 'www', env: ['PATH=/bin', 'A=1'] }),
      config({ user: 'www', env: ['PATH=/sbin'] }),
    ]);
    expect(rows).toEqual([
      { name: 'User', values: ['www', 'www'], differs: false },
      { name: 'Env PATH', values: ['/bin', '/sbin'], differs: true },
      { name: 'Env A', values: ['1', undefined], differs: true },
    ]);
  });

  test('an empty value is not the same as none', () => {
    const rows = configMatrix([config({ labels: [['a', '']] }), config()]);
    expect(rows).toEqual([{ name: 'Label a', values: ['', undefined], differs: true }]);
  });

  test('M08 names like __proto__ are names', () => {
    expect(configMatrix([config({ env: ['__proto__=1', 'constructor'] })])).toEqual([
      { name: 'Env __proto__', values: ['1'], differs: false },
      { name: 'Env constructor', values: [''], differs: false },
    ]);
  });
});

describe('shared layers', () => {
  test('are those of more than one platform, largest first', () => {
    const shared = sharedLayers([image(['aa', 5], ['bb', 9]), image(['bb', 9], ['aa', 5], ['cc', 1])]);
    expect(shared.map(({ sizeBytes, columns }) => [sizeBytes, columns])).toEqual([
      [9, [0, 1]],
      [5, [0, 1]],
    ]);
  });

  test('a layer that one image has twice is not shared', () => {
    expect(sharedLayers([image(['aa', 5], ['aa', 5]), image(['bb', 1])])).toEqual([]);
  });
});
