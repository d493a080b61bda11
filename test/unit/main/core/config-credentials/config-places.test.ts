import { describe, expect, it } from 'vitest';
import { configPlaces, type Environment } from '#main/core/config-credentials/config-places.ts';

const paths = (env: Environment, uid?: number) =>
  configPlaces({ homeDir: '/home/alice', env, uid }).map((place) => place.path);

const DOCKER = '/home/alice/.docker/config.json';
const LASTING = '/home/alice/.config/containers/auth.json';

describe('configPlaces', () => {
  it("looks where the tools look by themselves, docker's file first", () => {
    expect(paths({})).toEqual([DOCKER, LASTING]);
    expect(paths({ XDG_RUNTIME_DIR: '/run/user/1', XDG_CONFIG_HOME: '/cfg' })).toEqual([
      DOCKER,
      '/run/user/1/containers/auth.json',
      '/cfg/containers/auth.json',
    ]);
    expect(paths({}, 0)).toEqual([DOCKER, '/run/containers/0/auth.json', LASTING]);
  });

  it('puts a place that a variable names before those that none names', () => {
    expect(paths({ REGISTRY_AUTH_FILE: '/mine.json', XDG_RUNTIME_DIR: '/run/user/1' })).toEqual(['/mine.json', DOCKER]);
    expect(paths({ DOCKER_CONFIG: '/d', REGISTRY_AUTH_FILE: '/mine.json' })).toEqual(['/d/config.json', '/mine.json']);
    expect(paths({ DOCKER_AUTH_CONFIG: '{}', REGISTRY_AUTH_FILE: '/mine.json' })).toEqual([
      'DOCKER_AUTH_CONFIG',
      '/mine.json',
      DOCKER,
    ]);
  });

  it('takes a variable set to nothing for not set', () => {
    const empty = { DOCKER_CONFIG: '', REGISTRY_AUTH_FILE: '', XDG_RUNTIME_DIR: '', DOCKER_AUTH_CONFIG: '' };
    expect(paths(empty)).toEqual([DOCKER, LASTING]);
  });
});
