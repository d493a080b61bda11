import type { TarEntry } from '../image-builder/tar.ts';
import { fillerExecutable, fillerPortableExecutable, fillerText } from './filler.ts';

/** Shorthand for trees. */
export const folder = (path: string, mode = 0o755): TarEntry => ({ path: `${path}/`, type: 'directory', mode });
export const file = (path: string, content: string | Uint8Array, mode = 0o644): TarEntry => ({
  path,
  type: 'file',
  content,
  mode,
});
export const program = (path: string, content: string | Uint8Array): TarEntry => file(path, content, 0o755);
export const link = (path: string, linkTo: string): TarEntry => ({ path, type: 'symlink', linkTo, mode: 0o777 });

const PASSWD = `root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
`;

const GROUP = `root:x:0:
daemon:x:1:
shadow:x:42:
www-data:x:33:
nogroup:x:65534:
`;

const DEBIAN_RELEASE = `PRETTY_NAME="Debian GNU/Linux 13 (trixie)"
NAME="Debian GNU/Linux"
VERSION_ID="13"
VERSION="13 (trixie)"
VERSION_CODENAME=trixie
ID=debian
HOME_URL="https://www.debian.org/"
`;

const PACKAGES = ['base-files', 'bash', 'coreutils', 'dpkg', 'grep', 'libc6', 'sed', 'tar', 'tzdata', 'zlib1g'];

function dpkgStatus(architecture: string): string {
  const stanzas = PACKAGES.map(
    (name, index) => `Package: ${name}
Status: install ok installed
Priority: required
Architecture: ${architecture === 'arm' ? 'armhf' : architecture}
Version: ${1 + (index % 4)}.${index}-${1 + (index % 3)}
Description: ${name}, as the sample has it
`,
  );
  return stanzas.join('\n');
}

/** A small file system in the manner of Debian slim: merged /usr, set-id bits, links, a package database. */
export function debianTree(architecture: string): readonly TarEntry[] {
  const binary = (name: string, sizeBytes: number, mode = 0o755) =>
    file(`usr/bin/${name}`, fillerExecutable(name, architecture, sizeBytes), mode);
  return [
    link('bin', 'usr/bin'),
    folder('boot'),
    folder('etc'),
    file('etc/debian_version', '13.2\n'),
    file('etc/group', GROUP),
    file('etc/hostname', 'localhost\n'),
    link('etc/localtime', '/usr/share/zoneinfo/Etc/UTC'),
    link('etc/os-release', '../usr/lib/os-release'),
    file('etc/passwd', PASSWD),
    { ...file('etc/shadow', 'root:*:20400:0:99999:7:::\n', 0o640), gid: 42, groupName: 'shadow' },
    folder('home'),
    link('lib', 'usr/lib'),
    folder('root', 0o700),
    file('root/.bashrc', 'PS1="\\u@\\h:\\w\\$ "\n'),
    link('sbin', 'usr/sbin'),
    folder('tmp', 0o1777),
    folder('usr'),
    folder('usr/bin'),
    binary('bash', 120_000),
    binary('cat', 24_000),
    binary('cp', 36_000),
    binary('dpkg', 70_000),
    binary('grep', 48_000),
    binary('ls', 40_000),
    { path: 'usr/bin/rbash', type: 'hardlink', linkTo: 'usr/bin/bash', mode: 0o755 },
    link('usr/bin/sh', 'bash'),
    binary('su', 30_000, 0o4755),
    folder('usr/lib'),
    file('usr/lib/libc.so.6', fillerExecutable('libc', architecture, 260_000), 0o755),
    file('usr/lib/libz.so.1', fillerExecutable('libz', architecture, 60_000)),
    file('usr/lib/os-release', DEBIAN_RELEASE),
    folder('usr/sbin'),
    folder('usr/share'),
    folder('usr/share/doc'),
    ...PACKAGES.flatMap((name) => [
      folder(`usr/share/doc/${name}`),
      file(`usr/share/doc/${name}/copyright`, `${name}: see /usr/share/common-licenses\n`),
    ]),
    folder('usr/share/zoneinfo'),
    folder('usr/share/zoneinfo/Etc'),
    file('usr/share/zoneinfo/Etc/UTC', 'TZif2\n'),
    folder('var'),
    folder('var/lib'),
    folder('var/lib/dpkg'),
    file('var/lib/dpkg/status', dpkgStatus(architecture)),
    folder('var/log'),
  ];
}

const ALPINE_RELEASE = `NAME="Alpine Linux"
ID=alpine
VERSION_ID=3.23.2
PRETTY_NAME="Alpine Linux v3.23"
HOME_URL="https://alpinelinux.org/"
`;

/** A smaller file system in the manner of Alpine: one busybox and many links to it. */
export function alpineTree(architecture: string): readonly TarEntry[] {
  const applets = ['ash', 'cat', 'cp', 'grep', 'ls', 'mkdir', 'rm', 'sed', 'sh', 'tar', 'vi', 'wget'];
  return [
    folder('bin'),
    program('bin/busybox', fillerExecutable('busybox', architecture, 190_000)),
    ...applets.map((name) => link(`bin/${name}`, '/bin/busybox')),
    folder('etc'),
    file('etc/alpine-release', '3.23.2\n'),
    file('etc/os-release', ALPINE_RELEASE),
    file('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n'),
    folder('etc/apk'),
    file('etc/apk/world', 'alpine-baselayout\nbusybox\nmusl\n'),
    folder('lib'),
    program(`lib/ld-musl-${architecture}.so.1`, fillerExecutable('musl', architecture, 150_000)),
    folder('tmp', 0o1777),
    folder('var'),
  ];
}

/** A base layer as Windows images have it: everything under Files, registry hives beside it. */
export function windowsTree(): readonly TarEntry[] {
  return [
    folder('Files'),
    folder('Files/Windows'),
    folder('Files/Windows/System32'),
    file('Files/Windows/System32/cmd.exe', fillerPortableExecutable('cmd', 90_000)),
    file('Files/Windows/System32/kernel32.dll', fillerPortableExecutable('kernel32', 210_000)),
    file('Files/Windows/System32/ntdll.dll', fillerPortableExecutable('ntdll', 260_000)),
    folder('Files/Users'),
    folder('Files/Users/ContainerUser'),
    file('Files/License.txt', 'A sample; there is no Windows in it.\r\n'),
    folder('Hives'),
    file('Hives/DefaultUser_Base', fillerText('default-hive', 400)),
    file('Hives/Software_Base', fillerText('software-hive', 1200)),
    folder('UtilityVM'),
  ];
}
