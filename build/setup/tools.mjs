import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './run.mjs';

/** Programs the tests talk to, and the Debian package each comes in. */
const tools = [
  { name: 'chromium', packages: ['chromium'], find: () => findChromium() },
  { name: 'docker-registry', packages: ['docker-registry'] },
  { name: 'skopeo', packages: ['skopeo'] },
  { name: 'umoci', packages: ['umoci'] },
  { name: 'bsdtar', packages: ['libarchive-tools'] },
  { name: 'python3', packages: ['python3'] },
  { name: 'rpmbuild', packages: ['rpm'] },
  { name: 'htpasswd', packages: ['apache2-utils'] },
  { name: 'openssl', packages: ['openssl'] },
  { name: 'nginx', packages: ['nginx-light'], find: () => findNginx() },
  { name: 'dbus-run-session', packages: ['dbus'] },
  { name: 'gnome-keyring-daemon', packages: ['gnome-keyring'] },
  { name: 'libsecret', packages: ['libsecret-1-0'], find: () => findLibrary('libsecret-1.so.0') },
];

/** Full path of a program on PATH, or undefined. */
export function which(name) {
  for (const dir of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(dir, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // not in this folder
    }
  }
  return undefined;
}

/** A program for administrators, in a folder that is not on everybody's PATH. */
export function findNginx() {
  return which('nginx') ?? ['/usr/sbin/nginx', '/usr/local/sbin/nginx'].find((path) => existsSync(path));
}

/** A Chromium-family browser: `GANTRY_CHROMIUM`, then the usual names. */
export function findChromium() {
  const fixed = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  return process.env.GANTRY_CHROMIUM ?? names.map(which).find(Boolean) ?? fixed.find((path) => existsSync(path));
}

/** A shared library that is loaded by name at run time; only Linux keeps it apart. */
function findLibrary(file) {
  if (process.platform !== 'linux') return file;
  const folders = ['/usr/lib', '/usr/lib64', ...readdirSync('/usr/lib').map((name) => join('/usr/lib', name))];
  return folders.map((folder) => join(folder, file)).find((path) => existsSync(path));
}

const missing = () => tools.filter((tool) => (tool.find ?? (() => which(tool.name)))() === undefined);

/**
 * Gets the programs the tests need: by apt as root on Debian, else it says what to install.
 * @returns {Promise<string[]>} the names still missing
 */
export async function ensureTools() {
  let absent = missing();
  if (absent.length === 0) return [];
  const packages = absent.flatMap((tool) => tool.packages);
  if (process.getuid?.() === 0 && which('apt-get')) {
    console.error(`Gantry: installing ${packages.join(', ')} …`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-qq'], { quiet: true, env });
    const { status, output } = await run('apt-get', ['install', '-y', '-qq', ...packages], {
      quiet: true,
      env,
    });
    if (status !== 0) console.error(output.slice(-2000));
    absent = missing();
  }
  const names = absent.map((tool) => tool.name);
  if (names.length > 0) {
    const list = absent.flatMap((tool) => tool.packages).join(' ');
    console.error(
      `Gantry: not on this machine: ${names.join(', ')} (Debian packages: ${list}). Their tests are skipped.`,
    );
  }
  return names;
}
