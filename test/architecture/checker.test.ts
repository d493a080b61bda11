import { describe, expect, it } from 'vitest';
import { checkHostGlobals, checkImports, checkNodeNames } from './support/check.ts';
import { findCycles } from './support/cycles.ts';
import { checkTestCases } from './support/test-cases.ts';

const transport = 'src-main/core/registry/transport/http.ts';

describe('the import checker', () => {
  it.each([
    ['a static import', transport, `import { signIn } from '../auth/sign-in.ts';`],
    ['a type import', transport, `import type { Auth } from '../auth/auth.ts';`],
    ['a re-export', transport, `export * from '../remote/tags.ts';`],
    ['a type re-export', transport, `export type { Tags } from '../remote/tags.ts';`],
    ['a dynamic import', transport, `const auth = await import('../auth/sign-in.ts'); export { auth };`],
    ['an inline type import', transport, `export const auth: import('../auth/auth.ts').Auth = 1;`],
    ['a require', transport, `export const auth = require('../auth/auth.ts');`],
    ['a worker', transport, `export const worker = new URL('../auth/worker.ts', import.meta.url);`],
    ['a path that is computed', transport, `export const load = (name) => import(name);`],
    ['the wire in the engine', transport, `import { contract } from '#shared/api/contract.ts';`],
    ['electron in the engine', transport, `import { app } from 'electron';`],
    ['electron in the web host', 'src-main/hosts/web/main.ts', `import { app } from 'electron';`],
    [
      'the engine in a host',
      'src-main/hosts/web/main.ts',
      `import { tags } from '../../core/registry/remote/tags.ts';`,
    ],
    ['a handler in a host', 'src-main/hosts/web/main.ts', `import { tags } from '../../api/tags.ts';`],
    [
      'the registry in storage',
      'src-main/core/storage/rows.ts',
      `import type { E } from '../registry/transport/e.ts';`,
    ],
    ['the engine in the shared folder', 'src-shared/api/a.ts', `import type { P } from '#main/core/ports.ts';`],
    ['the wire in oci', 'src-shared/oci/a.ts', `import { tag } from '../api/common.ts';`],
    ['Node in the shared folder', 'src-shared/oci/a.ts', `import { join } from 'node:path';`],
    ['the engine in the renderer', 'src-renderer/lib/a.ts', `import type { P } from '#main/core/ports.ts';`],
    ['another feature', 'src-renderer/features/tree/a.tsx', `import { b } from '../repository/b.tsx';`],
    ['the api in a feature', 'src-renderer/features/tree/a.tsx', `import { api } from '../../host/index.ts';`],
    ['the primitives in a feature', 'src-renderer/features/tree/a.tsx', `import { Menu } from '@base-ui/react/menu';`],
    ['React in the engine', transport, `import { useState } from 'react';`],
    ['anything but electron in the preload', 'src-main/hosts/electron/preload.ts', `import { z } from 'zod';`],
    ['a file in no zone', 'src-main/other/a.ts', ''],
  ])('refuses %s', (_what, path, text) => {
    expect(checkImports({ path, text })).toHaveLength(1);
  });

  it.each([
    ['its own folder', transport, `import { x } from './redact.ts'; import y from 'undici'; import 'node:net';`],
    ['the layer below', 'src-main/core/registry/auth/a.ts', `import { x } from '../transport/http.ts';`],
    ['the seam', 'src-main/hosts/electron/a.ts', `import { x } from '../../api/create-backend.ts'; import 'electron';`],
    ['its own feature', 'src-renderer/features/tree/a.tsx', `import { b } from './b.tsx'; import '../../ui/c.tsx';`],
    ['the api in queries', 'src-renderer/queries/a.ts', `import { api } from '../host/index.ts';`],
  ])('accepts %s', (_what, path, text) => {
    expect(checkImports({ path, text })).toEqual([]);
  });

  it('refuses a file that it cannot parse', () => {
    expect(() => checkImports({ path: transport, text: 'import {' })).toThrow(transport);
  });

  it('finds a cycle of three, type imports included', () => {
    const files = [
      { path: 'src-main/core/a.ts', text: `import './b.ts';` },
      { path: 'src-main/core/b.ts', text: `import type { C } from './c.ts';` },
      { path: 'src-main/core/c.ts', text: `export { a } from './a.ts';` },
    ];
    expect(findCycles(files)).toEqual([
      'src-main/core/a.ts → src-main/core/b.ts → src-main/core/c.ts → src-main/core/a.ts',
    ]);
  });

  it('finds no cycle in a diamond', () => {
    const files = [
      { path: 'a.ts', text: `import './b.ts'; import './c.ts';` },
      { path: 'b.ts', text: `import './d.ts';` },
      { path: 'c.ts', text: `import './d.ts';` },
      { path: 'd.ts', text: '' },
    ];
    expect(findCycles(files)).toEqual([]);
  });
});

describe('the checker of names', () => {
  it.each([
    [`import { createServer } from 'node:http';`],
    [`import * as http from 'node:http';`],
    [`import http from 'node:http';`],
    [`import { Server } from 'node:net';`],
    [`const { createServer } = await import('node:http');`],
    [`import { fork } from 'node:child_process';`],
    [`import cluster from 'node:cluster';`],
  ])('refuses %s in the engine', (text) => {
    expect(checkNodeNames({ path: transport, text })).toHaveLength(1);
  });

  it('accepts the types of a server, a client, and a program that is run', () => {
    const text = `import type { Server } from 'node:http'; import { connect } from 'node:net'; import { spawn } from 'node:child_process';`;
    expect(checkNodeNames({ path: transport, text })).toEqual([]);
  });
});

describe('the checker of host globals', () => {
  it.each([
    [`fetch('/x');`],
    [`window.fetch('/x');`],
    [`new WebSocket('ws://x');`],
    [`new EventSource('/x');`],
    [`navigator.sendBeacon('/x');`],
    [`window.gantry.connect();`],
    [`globalThis['gantry'].connect();`],
  ])('refuses %s in a feature', (text) => {
    expect(checkHostGlobals({ path: 'src-renderer/features/tree/a.ts', text }).length).toBeGreaterThan(0);
  });

  it('accepts the same names as fields of other things', () => {
    expect(checkHostGlobals({ path: 'src-renderer/lib/a.ts', text: 'query.fetch(); text.gantry;' })).toEqual([]);
  });
});

describe('the checker of tests', () => {
  const check = (text: string) => checkTestCases({ path: 'test/unit/a.test.ts', text });

  it.each([
    ['expects nothing', `it('adds', () => { add(1, 2); });`],
    ['is the only one run', `it.only('adds', () => { expect(1).toBe(1); });`],
    ['is switched off', `it.skip('adds', () => { expect(1).toBe(1); });`],
    ['is still to be written', `it.todo('adds expected numbers');`],
    ['is named as a wish', `it('should add', () => { expect(1).toBe(1); });`],
    ['has a table and expects nothing', `it.each([[1], [2]])('adds %i', (n) => { add(n); });`],
  ])('refuses a test that %s', (_what, text) => {
    expect(check(text)).toHaveLength(1);
  });

  it('accepts a fact, a table and a visible condition', () => {
    const text = `it('adds', () => { expect(1).toBe(1); });
      it.each([[1]])('adds %i', (n) => { expect(n).toBe(1); });
      it.skipIf(missing)('adds', async () => { expect(1).toBe(1); });`;
    expect(check(text)).toEqual([]);
  });
});
