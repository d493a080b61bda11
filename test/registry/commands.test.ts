import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedSamples } from '#main/core/local-registry/samples/seed-samples.ts';
import { commandsFor } from '#renderer/lib/commands.ts';
import type { Command, CommandTarget, CommandTool } from '#renderer/lib/command-types.ts';
import { makeTemporaryFolder, startTestRegistry, type TestRegistry } from '#test/support/local-registry.ts';
import { hasTools } from '#test/support/tools.ts';
import { which } from '../../build/setup/tools.mjs';

/** skopeo comes with the set-up; the others are used where they happen to be installed. */
const tools: ReadonlyArray<readonly [CommandTool, boolean]> = [
  ['skopeo', hasTools('skopeo')],
  ['crane', which('crane') !== undefined],
  ['regctl', which('regctl') !== undefined],
];

let registry: TestRegistry;
let folder: Awaited<ReturnType<typeof makeTemporaryFolder>>;

beforeAll(async () => {
  registry = await startTestRegistry();
  await seedSamples(registry.store);
  folder = await makeTemporaryFolder();
});
afterAll(async () => {
  await registry.stop();
  await folder.remove();
});

/** What a person does with a copied command: gives it to a shell, in some folder. */
async function inShell(command: Command | undefined): Promise<Buffer> {
  if (command?.kind !== 'line') throw new Error(`no command: ${JSON.stringify(command)}`);
  // skopeo reads a machine's signature policy, which a bare machine has none of.
  const text = command.text.replace(/^skopeo /, 'skopeo --insecure-policy ');
  const { stdout } = await promisify(execFile)('sh', ['-c', text], {
    cwd: folder.path,
    encoding: 'buffer',
    maxBuffer: 32 << 20,
    timeout: 60_000,
  });
  return stdout;
}

const sha256 = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

describe.each(tools)('the %s commands Gantry shows', (tool, isInstalled) => {
  const target = (repository: string, rest: Partial<CommandTarget>): CommandTarget => ({
    host: registry.address,
    repository,
    kind: 'image',
    plainHttp: true,
    skipVerification: false,
    ...rest,
  });
  const command = (of: CommandTarget, purpose: Command['purpose']) =>
    commandsFor(tool, of).find((each) => each.purpose === purpose);

  it.skipIf(!isInstalled)('list the tags', async () => {
    const output = await inShell(command(target('samples/hello-multiarch', {}), 'list-tags'));
    expect(output.toString()).toMatch(/1\.2\.0/);
  });

  it.skipIf(!isInstalled)('show the manifest of an index as it was sent', async () => {
    const digest = await digestOf('samples/hello-multiarch', 'latest');
    const output = await inShell(
      command(target('samples/hello-multiarch', { kind: 'index', tag: 'latest', digest }), 'manifest'),
    );
    // crane adds a newline for the terminal.
    expect([sha256(output), sha256(output.subarray(0, -1))]).toContain(digest);
  });

  it.skipIf(!isInstalled)('show the config of one platform', async () => {
    const of = target('samples/hello-multiarch', { tag: 'latest', platform: 'linux/arm64/v8' });
    expect((await inShell(command(of, 'config'))).toString()).toMatch(/"architecture":\s*"arm64"/);
  });

  it.skipIf(!isInstalled)('pull an image by tag and by digest', async () => {
    const digest = await digestOf('samples/docker-schema2', 'latest');
    const of = target('samples/docker-schema2', { tag: 'latest', digest });
    await inShell(command(of, 'pull'));
    await expect(inShell(command(of, 'pull-pinned'))).resolves.toBeInstanceOf(Buffer);
  });
});

async function digestOf(repository: string, tag: string): Promise<string> {
  const response = await fetch(registry.url(`/v2/${repository}/manifests/${tag}`), {
    method: 'HEAD',
    headers: {
      accept: 'application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.v2+json',
    },
  });
  return response.headers.get('docker-content-digest') ?? '';
}
