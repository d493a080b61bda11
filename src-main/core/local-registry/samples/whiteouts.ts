import { buildImage } from '../image-builder/image.ts';
import { buildLayer } from '../image-builder/layer.ts';
import { debianTree, file, folder, link } from './base-trees.ts';
import { fillerBytes } from './filler.ts';
import { LINUX_AMD64, LINUX_PATH } from './platforms.ts';
import { buildkitStep, describeSample, type Sample } from './sample.ts';

const removed = (path: string, name: string) => file(`${path}/.wh.${name}`, '', 0o600);

/** Layers that delete and replace what lies below: whiteouts, an opaque directory, a file turned into a directory. */
export const whiteouts: Sample = {
  repository: 'samples/whiteouts',
  *build() {
    yield { content: buildWhiteouts(), tags: ['1.0', 'latest'] };
  },
};

function buildWhiteouts() {
  const cache = [
    folder('var'),
    folder('var/cache'),
    folder('var/cache/apt'),
    file('var/cache/apt/pkgcache.bin', fillerBytes('apt cache', 400_000)),
    file('var/cache/apt/srcpkgcache.bin', fillerBytes('apt sources', 300_000)),
    folder('opt'),
    folder('opt/tool'),
    file('opt/tool/VERSION', '1\n'),
    file('opt/tool/old-plugin.so', fillerBytes('old plugin', 120_000)),
    file('opt/settings', 'plain file\n'),
  ];
  const cleaned = [folder('var'), folder('var/cache'), removed('var/cache', 'apt'), removed('root', '.bashrc')];
  const replaced = [
    folder('opt'),
    folder('opt/tool'),
    file('opt/tool/.wh..wh..opq', '', 0o600),
    file('opt/tool/VERSION', '2\n'),
    link('opt/tool/current', 'VERSION'),
    removed('opt', 'settings'),
    folder('opt/settings.d'),
    file('opt/settings.d/10-default.conf', 'mode = quiet\n'),
  ];
  return buildImage({
    platform: LINUX_AMD64,
    created: '2026-07-03T12:30:00Z',
    steps: [
      buildkitStep('ADD rootfs-amd64.tar.xz /', buildLayer(debianTree('amd64'))),
      buildkitStep('RUN /bin/sh -c apt-get update && apt-get install -y tool', buildLayer(cache)),
      buildkitStep('RUN /bin/sh -c rm -rf /var/cache/apt /root/.bashrc', buildLayer(cleaned)),
      buildkitStep('RUN /bin/sh -c rm -rf /opt/tool /opt/settings && tool-setup 2', buildLayer(replaced)),
      buildkitStep('CMD ["/opt/tool/current"]'),
    ],
    config: {
      Env: [LINUX_PATH],
      Cmd: ['/opt/tool/current'],
      Labels: describeSample('whiteouts', '1.0', 'Deletes and replaces files of its lower layers'),
    },
  });
}
