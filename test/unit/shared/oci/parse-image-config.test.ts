import { describe, expect, it } from 'vitest';
import { imageConfigSchema } from '#shared/oci/image-config.ts';
import { parseImageConfig } from '#shared/oci/parse-image-config.ts';
import { attempt } from '#test/support/attempt.ts';
import { bytesOf, digestOf } from '#test/support/oci-builder.ts';

const read = (content: unknown): ReturnType<typeof parseImageConfig> => parseImageConfig(bytesOf(content));
const kindOf = (content: unknown): string | undefined => attempt(() => read(content)).error?.kind;
const diffId = digestOf(bytesOf('diff'));

describe('parseImageConfig', () => {
  it('reads every field', () => {
    const config = read({
      created: '2026-11-01T10:00:00Z',
      author: 'A. Person',
      os: 'windows',
      architecture: 'amd64',
      variant: 'v2',
      'os.version': '10.0.20348.1',
      'os.features': ['win32k'],
      config: {
        User: 'app',
        Env: ['A=1'],
        Entrypoint: ['/init'],
        Cmd: ['serve'],
        WorkingDir: '/srv',
        ExposedPorts: { '80/tcp': {}, '443/tcp': {} },
        Volumes: { '/data': {} },
        Labels: { b: '2', a: '1' },
        StopSignal: 'SIGINT',
        Shell: ['/bin/bash'],
        OnBuild: ['RUN x'],
        Healthcheck: { Test: ['CMD', 'true'], Interval: 1e9, Timeout: 2e9, StartPeriod: 3e9, Retries: 4 },
      },
      rootfs: { type: 'layers', diff_ids: [diffId] },
      history: [{ created: '2026-11-01T10:00:00Z', created_by: 'RUN', author: 'a', comment: 'c', empty_layer: true }],
    });
    expect(config).toEqual({
      created: '2026-11-01T10:00:00Z',
      author: 'A. Person',
      platform: {
        os: 'windows',
        architecture: 'amd64',
        variant: 'v2',
        osVersion: '10.0.20348.1',
        osFeatures: ['win32k'],
        features: [],
      },
      user: 'app',
      env: ['A=1'],
      entrypoint: ['/init'],
      cmd: ['serve'],
      workingDir: '/srv',
      ports: ['443/tcp', '80/tcp'],
      volumes: ['/data'],
      labels: [
        ['b', '2'],
        ['a', '1'],
      ],
      stopSignal: 'SIGINT',
      shell: ['/bin/bash'],
      onBuild: ['RUN x'],
      healthcheck: { test: ['CMD', 'true'], intervalNs: 1e9, timeoutNs: 2e9, startPeriodNs: 3e9, retries: 4 },
      diffIds: [diffId],
      history: [{ created: '2026-11-01T10:00:00Z', createdBy: 'RUN', author: 'a', comment: 'c', emptyLayer: true }],
    });
    expect(imageConfigSchema.parse(config)).toEqual(config);
  });

  it('takes missing and null lists for empty ones', () => {
    const empty = read({});
    expect(empty).toEqual({
      platform: { os: '', architecture: '', osFeatures: [], features: [] },
      env: [],
      ports: [],
      volumes: [],
      labels: [],
      onBuild: [],
      diffIds: [],
      history: [],
    });
    const nulls = { Env: null, Entrypoint: null, Cmd: null, ExposedPorts: null, Volumes: null, Labels: null, User: '' };
    expect(read({ config: nulls, rootfs: { diff_ids: null }, history: null, 'os.features': null })).toEqual(empty);
    expect(read({ config: null, rootfs: null })).toEqual(empty);
  });

  it('tells an empty entrypoint from none', () => {
    expect(read({ config: { Entrypoint: [] } }).entrypoint).toEqual([]);
    expect(read({ config: {} }).entrypoint).toBeUndefined();
  });

  it('reads a command that is a lone text, as Docker does', () => {
    expect(read({ config: { Cmd: 'serve' } }).cmd).toEqual(['serve']);
  });

  it('keeps labels named after object machinery as text (M08)', () => {
    const text = '{"config":{"Labels":{"__proto__":"x","constructor":"y"}}}';
    expect(parseImageConfig(bytesOf(text)).labels).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  it('refuses 1,000,000 labels (B08)', () => {
    const labels = Array.from({ length: 1_000_000 }, (_none, index) => `"${index}":""`).join(',');
    expect(kindOf(`{"config":{"Labels":{${labels}}}}`)).toBe('limit');
  });

  it('refuses more diff ids than a manifest may have layers (B08)', () => {
    expect(kindOf({ rootfs: { diff_ids: Array.from({ length: 1001 }, () => diffId) } })).toBe('limit');
  });

  it.each([
    ['os as a number', { os: 1 }],
    ['Env as a text', { config: { Env: 'A=1' } }],
    ['Env with a number', { config: { Env: [1] } }],
    ['Labels as a list', { config: { Labels: [] } }],
    ['a label that is an object', { config: { Labels: { a: {} } } }],
    ['config as a list', { config: [] }],
    ['history as an object', { history: {} }],
    ['a history line that is a text', { history: ['x'] }],
    ['empty_layer as a text', { history: [{ empty_layer: 'true' }] }],
    ['an interval as a text', { config: { Healthcheck: { Interval: '30s' } } }],
    ['a list', []],
  ])('refuses %s', (_name, content) => {
    expect(kindOf(content)).toBe('bad-shape');
  });

  it.each([
    ['a command in another spelling', '{"config":{"cmd":["evil"]}}'],
    ['a command twice', '{"config":{"Cmd":["a"],"Cmd":["evil"]}}'],
    ['an os twice', '{"os":"linux","os":"windows"}'],
    ['history that hides a layer', '{"history":[{"empty_layer":false,"Empty_Layer":true}]}'],
  ])('refuses %s, which Docker would read (M05)', (_name, text) => {
    expect(kindOf(text)).toBe('ambiguous');
  });

  it('does not mind labels that differ in case only', () => {
    expect(read({ config: { Labels: { Maintainer: 'a', maintainer: 'b', Env: 'c', env: 'd' } } }).labels).toHaveLength(
      4,
    );
  });

  it('refuses a diff id that is no digest (M09)', () => {
    expect(kindOf({ rootfs: { diff_ids: ['sha256:../x'] } })).toBe('digest-syntax');
  });
});
