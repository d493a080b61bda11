import type { BuiltContent, WirePlatform } from '../image-builder/content.ts';
import { type BuildStep, buildImage, buildIndex } from '../image-builder/image.ts';
import { type BuiltLayer, buildLayer } from '../image-builder/layer.ts';
import { debianTree, file, folder, program, windowsTree } from './base-trees.ts';
import { fillerExecutable, fillerPortableExecutable } from './filler.ts';
import { LINUX_AMD64, LINUX_ARM, LINUX_ARM64, LINUX_PATH, WINDOWS_AMD64 } from './platforms.ts';
import { buildkitStep, describeSample, type Sample } from './sample.ts';

type Release = { readonly version: string; readonly created: string; readonly platforms: readonly WirePlatform[] };

const RELEASES: readonly Release[] = [
  { version: '1.0', created: '2026-03-12T09:24:11Z', platforms: [LINUX_AMD64, LINUX_ARM64] },
  { version: '1.1', created: '2026-06-30T14:02:45Z', platforms: [LINUX_AMD64, LINUX_ARM64, LINUX_ARM] },
  {
    version: '1.2.0',
    created: '2026-11-04T07:41:03Z',
    platforms: [LINUX_AMD64, LINUX_ARM64, LINUX_ARM, WINDOWS_AMD64],
  },
];

/** A web greeter for four platforms in three releases; releases share their base layers. */
export const helloMultiarch: Sample = {
  repository: 'samples/hello-multiarch',
  *build() {
    const bases = new Map<string, BuiltLayer>();
    const baseFor = ({ os, architecture }: WirePlatform) => {
      const key = `${os}/${architecture}`;
      const layer = bases.get(key) ?? buildLayer(os === 'windows' ? windowsTree() : debianTree(architecture));
      bases.set(key, layer);
      return layer;
    };
    for (const release of RELEASES) {
      const images = release.platforms.map((platform) => ({
        platform,
        content:
          platform.os === 'windows'
            ? windowsImage(release, platform, baseFor(platform))
            : linuxImage(release, platform, baseFor(platform)),
      }));
      const annotations = { ...labels(release), 'org.opencontainers.image.created': release.created };
      const tags = release === RELEASES.at(-1) ? [release.version, 'latest'] : [release.version];
      yield { content: buildIndex(images, { annotations }), tags };
    }
  },
};

function labels({ version }: Release) {
  return {
    ...describeSample('hello-multiarch', version, 'One image for four platforms, in three releases'),
    'org.opencontainers.image.source': 'https://example.com/gantry/hello-multiarch',
  };
}

const page = (version: string) => `<!doctype html>
<title>Hello</title>
<link rel="stylesheet" href="style.css">
<h1>Hello from version ${version}</h1>
`;

function linuxSteps({ version }: Release, { architecture }: WirePlatform, base: BuiltLayer): readonly BuildStep[] {
  const site = [
    folder('srv'),
    folder('srv/hello'),
    file('srv/hello/index.html', page(version)),
    file('srv/hello/style.css', 'body { font-family: sans-serif; margin: 4rem }\n'),
  ];
  const settings = [
    folder('etc'),
    folder('etc/hello'),
    file('etc/hello/config.toml', `port = 8080\nversion = "${version}"\n`),
  ];
  const binary = [
    folder('usr'),
    folder('usr/local'),
    folder('usr/local/bin'),
    program('usr/local/bin/hello', fillerExecutable(`hello ${version}`, architecture, 240_000)),
  ];
  return [
    buildkitStep(`ADD rootfs-${architecture}.tar.xz /`, base),
    buildkitStep('CMD ["bash"]'),
    buildkitStep(`ENV HELLO_VERSION=${version}`),
    buildkitStep('COPY site /srv/hello', buildLayer(site)),
    buildkitStep('COPY config.toml /etc/hello/', buildLayer(settings)),
    buildkitStep('COPY --from=build /out/hello /usr/local/bin/hello', buildLayer(binary)),
    buildkitStep('VOLUME [/var/lib/hello]'),
    buildkitStep('WORKDIR /srv/hello'),
    buildkitStep('EXPOSE map[8080/tcp:{}]'),
    buildkitStep('USER www-data'),
    buildkitStep('STOPSIGNAL SIGQUIT'),
    buildkitStep('ENTRYPOINT ["/usr/local/bin/hello"]'),
    buildkitStep('CMD ["--config" "/etc/hello/config.toml"]'),
  ];
}

function linuxImage(release: Release, platform: WirePlatform, base: BuiltLayer): BuiltContent {
  return buildImage({
    platform,
    created: release.created,
    author: 'Gantry samples',
    steps: linuxSteps(release, platform, base),
    config: {
      User: 'www-data',
      ExposedPorts: { '8080/tcp': {} },
      Env: [LINUX_PATH, `HELLO_VERSION=${release.version}`],
      Entrypoint: ['/usr/local/bin/hello'],
      Cmd: ['--config', '/etc/hello/config.toml'],
      Volumes: { '/var/lib/hello': {} },
      WorkingDir: '/srv/hello',
      Labels: labels(release),
      StopSignal: 'SIGQUIT',
    },
  });
}

function windowsImage(release: Release, platform: WirePlatform, base: BuiltLayer): BuiltContent {
  const { version, created } = release;
  const site = [folder('Files'), folder('Files/hello'), file('Files/hello/index.html', page(version))];
  const binary = fillerPortableExecutable(`hello ${version}`, 260_000);
  return buildImage({
    platform,
    created,
    steps: [
      { createdBy: 'Apply image 10.0.20348.4405', layer: base },
      { createdBy: 'cmd /S /C #(nop) COPY dir:site in C:\\hello', layer: buildLayer(site) },
      {
        createdBy: 'cmd /S /C #(nop) COPY file:hello.exe in C:\\hello',
        layer: buildLayer([folder('Files'), folder('Files/hello'), file('Files/hello/hello.exe', binary)]),
      },
      { createdBy: 'cmd /S /C #(nop)  ENTRYPOINT ["C:\\\\hello\\\\hello.exe"]' },
    ],
    config: {
      User: 'ContainerUser',
      ExposedPorts: { '8080/tcp': {} },
      Env: [`HELLO_VERSION=${version}`],
      Entrypoint: ['C:\\hello\\hello.exe'],
      WorkingDir: 'C:\\hello',
      Labels: labels(release),
    },
  });
}
