import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

export type ConfigHome = {
  readonly dir: string;
  /** `PATH` with the helpers of this home first, and nothing of docker's or podman's own. */
  readonly env: Readonly<Record<string, string>>;
  readonly dockerFile: string;
  readonly podmanFile: string;
  /** Writes a file below the home (mode 0600) and gives its path. */
  write(path: string, content: unknown): string;
  /** Puts `docker-credential-NAME`, a shell script, on the PATH. */
  addHelper(name: string, script: string): string;
};

/** A person's home with nothing in it, removed when the running test ends. */
export function configHome(): ConfigHome {
  const dir = temporaryFolder();
  const bin = join(dir, 'bin');
  mkdirSync(bin);
  const write = (path: string, content: unknown): string => {
    const full = join(dir, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
    return full;
  };
  return {
    dir,
    env: { HOME: dir, PATH: [bin, process.env['PATH'] ?? ''].join(delimiter) },
    dockerFile: join(dir, '.docker/config.json'),
    podmanFile: join(dir, '.config/containers/auth.json'),
    write,
    addHelper: (name, script) => {
      const path = write(join('bin', `docker-credential-${name}`), `#!/bin/sh\n${script}\n`);
      chmodSync(path, 0o700);
      return path;
    },
  };
}

/** What docker and podman write into `auth`. */
export function encodeAuth(username: string, secret: string): string {
  return Buffer.from(`${username}:${secret}`).toString('base64');
}

/** A helper's script that answers with this, whatever it is asked for. */
export function answering(username: string, secret: string): string {
  return `cat >/dev/null\nprintf '%s' '${JSON.stringify({ ServerURL: 'x', Username: username, Secret: secret })}'`;
}
