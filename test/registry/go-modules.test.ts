import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOpenImages } from '#main/core/layers/opened/open-images.ts';
import { buildImage } from '#main/core/local-registry/image-builder/image.ts';
import { buildLayer } from '#main/core/local-registry/image-builder/layer.ts';
import { type Engine, startEngine, systemClock } from '#test/support/engine.ts';
import { findGoTool } from '#test/support/go-tools.ts';
import { openLayerStore } from '#test/support/layer-store.ts';
import { startTestRegistry, type TestRegistry } from '#test/support/local-registry.ts';
import { pushContent } from '#test/support/push-content.ts';
import { run } from '#test/support/run.ts';

const go = findGoTool('go');
/** What Go made, and a program that looks for the same mark in others. */
const programs = ['crane', 'regctl', 'go'].flatMap((name) => findGoTool(name) ?? []);

let registry: TestRegistry;
let engine: Engine;

beforeAll(async () => {
  registry = await startTestRegistry();
  engine = startEngine(registry.address);
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await registry.stop();
});

async function packagesOf(limitBytes?: number) {
  await using store = openLayerStore(limitBytes === undefined ? {} : { limitBytes });
  const entries = programs.map((path) => ({
    path: `usr/bin/${basename(path)}`,
    type: 'file' as const,
    content: readFileSync(path),
    mode: 0o755,
  }));
  const layer = buildLayer(entries, { compression: 'zstd' });
  const platform = { os: 'linux', architecture: 'amd64' };
  const content = buildImage({ platform, created: '2026-01-01T00:00:00Z', steps: [{ createdBy: 'COPY', layer }] });
  await pushContent(registry.address, 'go/programs', content, ['image']);
  const images = createOpenImages({ store, clientOf: () => Promise.resolve(engine.client), clock: systemClock });
  const target = { registryId: 'r', repository: 'go/programs', digest: content.descriptor.digest };
  for await (const event of images.open(target, new AbortController().signal)) void event;
  return images.get(target).packages();
}

/** `name version` of each module that `go version -m` names, replaced ones as what replaces them. */
async function modulesByGo(program: string): Promise<readonly string[]> {
  const lines = (await run(go ?? '', ['version', '-m', program])).split('\n');
  const modules = [`stdlib ${/: (go\S+)/.exec(lines[0] ?? '')?.[1]}`];
  for (const line of lines) {
    const [, kind = '', name = '', version = ''] = line.split('\t');
    if (kind === '=>') modules.pop();
    if (['mod', 'dep', '=>'].includes(kind)) modules.push(`${name} ${version}`);
  }
  return modules.toSorted();
}

describe.skipIf(go === undefined || programs.length < 2)('programs in a layer', () => {
  test('have the modules that go version -m names', async () => {
    const { packages, databases } = await packagesOf();
    for (const program of programs) {
      const ours = packages.filter(({ path }) => path === `usr/bin/${basename(program)}`);
      const theirs = await modulesByGo(program);
      expect(ours.map(({ name, version }) => `${name} ${version}`).toSorted()).toEqual(theirs);
    }
    expect(databases.map(({ state }) => state)).toEqual(programs.map(() => 'read'));
    expect(packages.length).toBeGreaterThan(20);
  });

  test('are not searched when the layer is not at hand, and that is said', async () => {
    const { packages, databases } = await packagesOf(0);
    expect(packages).toEqual([]);
    expect(databases).toMatchObject([{ state: 'not-searched', fileCount: programs.length }]);
  });
});
