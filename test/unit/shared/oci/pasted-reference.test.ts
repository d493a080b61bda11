import { describe, expect, it } from 'vitest';
import { OciError } from '#shared/oci/oci-error.ts';
import { parsePasted } from '#shared/oci/pasted-reference.ts';
import { formatReference } from '#shared/oci/reference.ts';

const DIGEST = `sha256:${'a1'.repeat(32)}`;
import { attempt } from '#test/support/attempt.ts';

describe('parsePasted', () => {
  it.each([
    ['nginx', 'docker.io/library/nginx'],
    ['  nginx:1.27 \t', 'docker.io/library/nginx:1.27'],
    ['docker pull nginx:1.27', 'docker.io/library/nginx:1.27'],
    ['docker image pull ghcr.io/org/app', 'ghcr.io/org/app'],
    ['podman pull quay.io/org/app:v1', 'quay.io/org/app:v1'],
    ['docker://nginx:1.27', 'docker.io/library/nginx:1.27'],
    ['oci://ghcr.io/org/chart:0.1.0', 'ghcr.io/org/chart:0.1.0'],
    ['https://ghcr.io/org/app:v1/', 'ghcr.io/org/app:v1'],
    ['http://registry/team/app', 'registry/team/app'],
    ['https://localhost:5000/team/app', 'localhost:5000/team/app'],
    ['https://hub.docker.com/_/nginx', 'docker.io/library/nginx'],
    ['https://hub.docker.com/r/bitnami/redis/tags', 'docker.io/bitnami/redis'],
    ['https://reg.example/v2/team/app/manifests/v1', 'reg.example/team/app:v1'],
    [`https://reg.example/v2/team/app/manifests/${DIGEST}`, `reg.example/team/app@${DIGEST}`],
    ['https://reg.example/v2/team/app/tags/list', 'reg.example/team/app'],
    [`ghcr.io/org/app:v1@${DIGEST}`, `ghcr.io/org/app:v1@${DIGEST}`],
  ])('reads %s', (text, expected) => {
    expect(formatReference(parsePasted(text))).toBe(expected);
  });

  it.each([
    'docker pull $(x)',
    'docker pull nginx; rm -rf /',
    'docker pull `id`',
    'docker pull nginx\nrm -rf /',
    'nginx\n',
    'nginx\r\n',
    'docker pull --platform linux/arm64 nginx',
    'nginx\u202E',
    'nginx && true',
    'oci://nginx',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'https://reg.example/team/app?x=1',
    '',
    `${'a/'.repeat(1_000_000)}a`,
  ])('refuses the paste of N05: %.40j', (text) => {
    expect(() => parsePasted(text)).toThrow(OciError);
  });

  it.each(['user:pw@reg.example/app', 'https://user:pw@reg.example/app', 'docker pull user:pw@reg.example/app:v1'])(
    'refuses user and password without repeating them (N04): %s',
    (text) => {
      const { error } = attempt(() => parsePasted(text));
      expect(`${String(error)} ${JSON.stringify(error)}`).toContain('reference-syntax');
      expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain('pw');
    },
  );
});
