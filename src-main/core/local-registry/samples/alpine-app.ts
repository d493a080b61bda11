import type { BuiltContent, WirePlatform } from '../image-builder/content.ts';
import { type Annotations, buildImage, type ManifestFormat } from '../image-builder/image.ts';
import { type BuiltLayer, buildLayer, type LayerCompression } from '../image-builder/layer.ts';
import { alpineTree, file, folder, program } from './base-trees.ts';
import { fillerExecutable, fillerText } from './filler.ts';
import { LINUX_PATH } from './platforms.ts';
import { buildkitStep } from './sample.ts';

export type AlpineApp = {
  readonly name: string;
  readonly version: string;
  readonly created: string;
  readonly platform: WirePlatform;
  readonly labels: Annotations;
  readonly annotations?: Annotations;
  readonly format?: ManifestFormat;
  readonly history?: 'full' | 'none';
  readonly compression?: LayerCompression;
  /** Size of the program in bytes; 160,000 when absent. */
  readonly programBytes?: number;
  /** Built once and given to every version that shares it. */
  readonly base?: BuiltLayer;
};

/** The base layer of {@link buildAlpineApp}, to be shared between versions. */
export function buildAlpineBase(architecture: string, compression: LayerCompression = 'gzip'): BuiltLayer {
  return buildLayer(alpineTree(architecture), { compression });
}

/** A small service on an Alpine-like base: program, settings, a health check. */
export function buildAlpineApp(app: AlpineApp): BuiltContent {
  const { name, version, platform, compression = 'gzip' } = app;
  const { architecture } = platform;
  const settings = [
    folder('etc'),
    folder(`etc/${name}`),
    file(`etc/${name}/${name}.yaml`, `listen: 0.0.0.0:3000\nlog:\n  level: info\nversion: "${version}"\n`),
    file(`etc/${name}/routes.ts`, fillerText(`${name} routes`, 120)),
  ];
  const binary = fillerExecutable(`${name} ${version}`, architecture, app.programBytes ?? 160_000);
  const layer = (entries: Parameters<typeof buildLayer>[0]) => buildLayer(entries, { compression });
  return buildImage({
    platform,
    created: app.created,
    ...(app.format && { format: app.format }),
    ...(app.history && { history: app.history }),
    ...(app.annotations && { annotations: app.annotations }),
    steps: [
      buildkitStep(
        `ADD alpine-minirootfs-3.23.2-${architecture}.tar.gz /`,
        app.base ?? buildAlpineBase(architecture, compression),
      ),
      buildkitStep('CMD ["/bin/sh"]'),
      buildkitStep(`COPY etc/${name} /etc/${name}`, layer(settings)),
      buildkitStep(
        `COPY --chmod=755 ${name} /usr/bin/${name}`,
        layer([folder('usr'), folder('usr/bin'), program(`usr/bin/${name}`, binary)]),
      ),
      buildkitStep('EXPOSE [3000/tcp]'),
      buildkitStep('USER 65534:65534'),
      buildkitStep(`HEALTHCHECK &{["CMD-SHELL" "wget -qO- localhost:3000/health"] "30s" "3s" "0s" "0s" '\\x03'}`),
      buildkitStep(`ENTRYPOINT ["/usr/bin/${name}"]`),
    ],
    config: {
      User: '65534:65534',
      ExposedPorts: { '3000/tcp': {} },
      Env: [LINUX_PATH, 'LANG=C.UTF-8'],
      Entrypoint: [`/usr/bin/${name}`],
      WorkingDir: '/',
      Labels: app.labels,
      Healthcheck: {
        Test: ['CMD-SHELL', 'wget -qO- localhost:3000/health'],
        Interval: 30_000_000_000,
        Timeout: 3_000_000_000,
        Retries: 3,
      },
    },
  });
}
