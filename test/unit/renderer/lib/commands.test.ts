import { describe, expect, test } from 'vitest';
import { commandsFor, defaultTool } from '#renderer/lib/commands.ts';
import {
  COMMAND_TOOLS,
  type CommandPurpose,
  type CommandTarget,
  type CommandTool,
} from '#renderer/lib/command-types.ts';

const DIGEST = `sha256:${'ab'.repeat(32)}`;

function target(changes: Partial<CommandTarget> = {}): CommandTarget {
  return {
    host: 'ghcr.io',
    repository: 'team/app',
    tag: '1.2',
    digest: DIGEST,
    kind: 'image',
    plainHttp: false,
    skipVerification: false,
    ...changes,
  };
}

function command(tool: CommandTool, purpose: CommandPurpose, changes: Partial<CommandTarget> = {}) {
  return commandsFor(tool, target(changes)).find((each) => each.purpose === purpose);
}

function text(tool: CommandTool, purpose: CommandPurpose, changes: Partial<CommandTarget> = {}): string {
  const found = command(tool, purpose, changes);
  return found?.kind === 'line' ? found.text : `no command: ${found?.reason ?? 'none'}`;
}

describe('commands', () => {
  test.each([
    ['docker', 'docker pull ghcr.io/team/app:1.2'],
    ['podman', 'podman pull ghcr.io/team/app:1.2'],
    ['crane', 'crane pull ghcr.io/team/app:1.2 app.tar'],
    ['skopeo', 'skopeo copy docker://ghcr.io/team/app:1.2 oci:app:1.2'],
    ['regctl', 'regctl image export ghcr.io/team/app:1.2 app.tar'],
    ['oras', 'oras copy ghcr.io/team/app:1.2 --to-oci-layout app:1.2'],
  ] as const)('%s pulls an image', (tool, expected) => {
    expect(text(tool, 'pull')).toBe(expected);
  });

  test.each([
    ['docker', 'docker pull --platform linux/arm64/v8 ghcr.io/team/app:1.2'],
    ['podman', 'podman pull --platform linux/arm64/v8 ghcr.io/team/app:1.2'],
    ['crane', 'crane pull --platform linux/arm64/v8 ghcr.io/team/app:1.2 app.tar'],
    [
      'skopeo',
      'skopeo --override-os linux --override-arch arm64 --override-variant v8 copy docker://ghcr.io/team/app:1.2 oci:app:1.2',
    ],
    ['regctl', 'regctl image export --platform linux/arm64/v8 ghcr.io/team/app:1.2 app.tar'],
    ['oras', 'oras copy --platform linux/arm64/v8 ghcr.io/team/app:1.2 --to-oci-layout app:1.2'],
  ] as const)('%s pulls one platform of an index', (tool, expected) => {
    expect(text(tool, 'pull', { platform: 'linux/arm64/v8' })).toBe(expected);
  });

  test.each([
    ['docker', 'docker manifest inspect --insecure 10.0.0.1:5000/app:1.2'],
    ['podman', 'podman pull --tls-verify=false 10.0.0.1:5000/app:1.2'],
    ['crane', 'crane pull --insecure 10.0.0.1:5000/app:1.2 app.tar'],
    ['skopeo', 'skopeo copy --src-tls-verify=false docker://10.0.0.1:5000/app:1.2 oci:app:1.2'],
    ['regctl', 'regctl --host reg=10.0.0.1:5000,tls=disabled image export 10.0.0.1:5000/app:1.2 app.tar'],
    ['oras', 'oras copy --from-plain-http 10.0.0.1:5000/app:1.2 --to-oci-layout app:1.2'],
  ] as const)('%s is told of plain HTTP in its own way', (tool, expected) => {
    const purpose = tool === 'docker' ? 'manifest' : 'pull';
    expect(text(tool, purpose, { host: '10.0.0.1:5000', repository: 'app', plainHttp: true })).toBe(expected);
  });

  test('skipped verification is not plain HTTP', () => {
    expect(text('oras', 'manifest', { skipVerification: true })).toBe(
      'oras manifest fetch --insecure ghcr.io/team/app:1.2',
    );
    expect(text('regctl', 'manifest', { skipVerification: true })).toContain('tls=insecure');
  });

  test('docker says what its daemon needs for plain HTTP, and nothing for loopback', () => {
    const far = command('docker', 'pull', { host: '10.0.0.1:5000', plainHttp: true });
    expect(far).toMatchObject({ kind: 'line', note: expect.stringContaining('insecure-registries') });
    expect(command('docker', 'pull', { host: '127.0.0.1:5000', plainHttp: true })).toMatchObject({ note: undefined });
  });

  test('a pull by digest names the digest only: skopeo refuses a tag beside it', () => {
    for (const tool of COMMAND_TOOLS) {
      expect(text(tool, 'pull-pinned')).toContain(`ghcr.io/team/app@${DIGEST}`);
      expect(text(tool, 'pull-pinned', { platform: 'linux/amd64' })).not.toContain('linux');
    }
  });

  test('the manifest of one platform is asked for by digest', () => {
    expect(text('skopeo', 'manifest', { platform: 'linux/arm64' })).toBe(
      `skopeo inspect --raw docker://ghcr.io/team/app@${DIGEST}`,
    );
  });

  test('a whole index is kept whole where the tool can', () => {
    expect(text('skopeo', 'pull', { kind: 'index' })).toContain('copy --all ');
    expect(text('crane', 'pull', { kind: 'index' })).toBe('crane pull --format oci ghcr.io/team/app:1.2 app');
  });

  test('an artifact is pulled with oras and never with docker', () => {
    expect(defaultTool('artifact')).toBe('oras');
    expect(text('oras', 'pull', { kind: 'artifact' })).toBe('oras pull ghcr.io/team/app:1.2');
    for (const tool of ['docker', 'crane', 'skopeo'] as const) {
      expect(command(tool, 'pull', { kind: 'artifact' })).toMatchObject({ kind: 'unavailable' });
    }
  });

  test('without a tag or digest the tags are listed', () => {
    const whole = { tag: undefined, digest: undefined };
    expect(commandsFor('crane', target(whole))).toEqual([
      { kind: 'line', purpose: 'list-tags', label: 'List tags', text: 'crane ls ghcr.io/team/app', note: undefined },
    ]);
    expect(commandsFor('docker', target(whole))).toMatchObject([{ kind: 'unavailable' }]);
  });

  test('an OS version is left out: no platform flag takes one', () => {
    expect(text('docker', 'pull', { platform: 'windows/amd64:10.0.20348.1' })).toContain('--platform windows/amd64 ');
  });

  test('N05 hostile text in any part is quoted, refused or left out, with every tool', () => {
    const evil = ['$(touch x)', 'a;reboot', 'a b', '`id`', '-rf', "'", 'a\nb', '\u001B[201~reboot\r', '\u202Ename'];
    for (const tool of COMMAND_TOOLS) {
      for (const bad of evil) {
        for (const changes of [{ tag: bad }, { host: bad }, { repository: bad }, { platform: bad }]) {
          for (const each of commandsFor(tool, target(changes))) {
            if (each.kind === 'unavailable') continue;
            // With quoted parts taken out, nothing a shell would act on is left.
            const bare = each.text.replaceAll(String.raw`'\''`, '').replaceAll(/'[^']*'/g, '');
            expect(bare).toMatch(/^[A-Za-z0-9_@%+=:,./ -]*$/);
          }
        }
      }
    }
  });
});
