/**
 * Who may import whom. A file belongs to the longest zone its path starts with (`*` stands for one folder), and may
 * import its own zone and what `may` lists: folders or files of ours, `node:` for all of Node, `npm:` for every
 * package that `OWNED` does not keep for others.
 */
export type Zone = { readonly zone: string; readonly may: readonly string[] };

const oci = 'src-shared/oci';
const core = 'src-main/core';
const registry = `${core}/registry`;
/** What every part of the engine may use: the ports, the base of its errors, and helpers that know nothing of ours. */
const base = [
  oci,
  `${core}/ports.ts`,
  `${core}/gantry-error.ts`,
  `${core}/hearers.ts`,
  `${core}/single-flight.ts`,
  `${core}/keyed-lock.ts`,
  `${core}/race-abort.ts`,
  `${core}/slices.ts`,
  `${core}/files.ts`,
  `${core}/content-digest.ts`,
  'node:',
  'npm:',
];
/** The registry client as others see it: its shapes and errors, without the transport. */
const registryFace = [`${registry}/registry-client.ts`];
const ui = ['src-shared', 'src-renderer/lib', 'src-renderer/ui', 'src-renderer/styles', 'npm:'];

export const ZONES: readonly Zone[] = [
  { zone: 'src-shared/oci', may: ['npm:zod'] },
  { zone: 'src-shared/api', may: [oci, 'npm:zod', 'npm:@orpc/contract'] },

  { zone: core, may: [...base, core] },
  { zone: `${registry}/transport`, may: [...base, ...registryFace, `${registry}/vendors`] },
  { zone: `${registry}/auth`, may: [...base, ...registryFace, `${registry}/vendors`, `${registry}/transport`] },
  { zone: registry, may: [...base, registry] },
  { zone: `${core}/image`, may: [...base, registry] },
  {
    zone: `${core}/layers`,
    may: [...base, registry, `${core}/image`, `${core}/paced-mailbox.ts`, `${core}/while-working.ts`, `${core}/tar`],
  },
  { zone: `${core}/documents`, may: [...base, registry] },
  { zone: `${core}/jobs`, may: base },
  {
    zone: `${core}/transfer`,
    may: [
      ...base,
      registry,
      `${core}/image`,
      `${core}/jobs`,
      `${core}/storage/journal`,
      `${core}/connections/client-pool.ts`,
      `${core}/paced-mailbox.ts`,
    ],
  },
  { zone: `${core}/tar`, may: base },
  { zone: `${core}/sources`, may: [...base, `${core}/tar`, `${core}/transfer/ends.ts`] },
  { zone: `${core}/storage`, may: base },
  { zone: `${core}/credentials`, may: base },
  { zone: `${core}/system`, may: base },
  { zone: `${core}/config-credentials`, may: [...base, `${registry}/registry-client.ts`] },
  { zone: `${core}/local-registry`, may: [...base, `${core}/tar`] },

  { zone: 'src-main/api', may: ['src-shared', core, 'node:', 'npm:'] },
  {
    zone: 'src-main/hosts',
    may: [
      'src-shared',
      'src-main/api/create-backend.ts',
      `${core}/ports.ts`,
      `${core}/gantry-error.ts`,
      `${core}/credentials`,
      `${core}/system`,
      'node:',
      'npm:',
    ],
  },
  // A sandboxed preload can load nothing but Electron.
  { zone: 'src-main/hosts/electron/preload.ts', may: ['npm:electron'] },

  { zone: 'src-renderer', may: ['src-renderer', ...ui] },
  { zone: 'src-renderer/lib', may: ['src-shared', 'npm:'] },
  { zone: 'src-renderer/state', may: ['src-shared', 'src-renderer/lib', 'npm:'] },
  { zone: 'src-renderer/ui', may: ['src-shared', 'src-renderer/lib', 'src-renderer/styles', 'npm:'] },
  { zone: 'src-renderer/host', may: ['src-shared', 'npm:'] },
  {
    zone: 'src-renderer/queries',
    may: ['src-shared', 'src-renderer/lib', 'src-renderer/state', 'src-renderer/host', 'npm:'],
  },
  { zone: 'src-renderer/features/*', may: [...ui, 'src-renderer/state', 'src-renderer/queries'] },
];

/** Packages that only some folders may import, whatever their zone allows. */
export const OWNED: readonly { readonly module: string; readonly only: readonly string[] }[] = [
  { module: 'npm:electron', only: ['src-main/hosts/electron'] },
  { module: 'npm:keytar', only: ['src-main/core/credentials'] },
  { module: 'npm:@base-ui/react', only: ['src-renderer/ui'] },
  { module: 'npm:@atlaskit/pragmatic-drag-and-drop', only: ['src-renderer/ui'] },
  { module: 'npm:@orpc/server', only: ['src-main/api', 'src-main/hosts'] },
  { module: 'npm:@orpc/client', only: ['src-renderer/host', 'src-main/api'] },
  { module: 'npm:@orpc/contract', only: ['src-shared/api', 'src-renderer/host'] },
  { module: 'npm:@orpc/tanstack-query', only: ['src-renderer/queries'] },
  { module: 'npm:undici', only: ['src-main/core'] },
  { module: 'npm:react', only: ['src-renderer'] },
  { module: 'npm:react-dom', only: ['src-renderer'] },
];

/** Names of Node's modules that only some folders may import. `*` and `default` are all of a module. */
export const NODE_NAMES: readonly {
  readonly modules: readonly string[];
  readonly names: readonly string[];
  readonly only: readonly string[];
}[] = [
  {
    // What opens a listening socket.
    modules: ['node:http', 'node:https', 'node:http2', 'node:net', 'node:tls'],
    names: ['createServer', 'createSecureServer', 'Server', '*', 'default'],
    only: ['src-main/hosts/web', 'src-main/core/local-registry'],
  },
  {
    // E14: inside Electron these start a second Electron, which its fuses forbid. utilityProcess is the way.
    modules: ['node:child_process', 'node:cluster'],
    names: ['fork', '*', 'default'],
    only: [],
  },
];

/** Globals of the browser that reach the network or the host. Only the renderer's host folder may name them. */
export const HOST_GLOBALS = {
  names: ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'sendBeacon', 'gantry'],
  only: ['src-renderer/host'],
} as const;
