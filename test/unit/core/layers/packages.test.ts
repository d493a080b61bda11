import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DatabaseError } from '#main/core/layers/packages/database-error.ts';
import { listPackages, type PackagesProgress, type PackageSources } from '#main/core/layers/packages/list-packages.ts';
import { readRpm, readRpmHeader } from '#main/core/layers/packages/rpm.ts';
import { readApk, readDpkg, readNpm, readPython } from '#main/core/layers/packages/text-databases.ts';
import { goProgram } from '#test/support/go-program.ts';
import { filesOf, MERGED, symlink } from '#test/support/layer-files.ts';
import { run } from '#test/support/run.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { hasTools } from '#test/support/tools.ts';

describe('readDpkg', () => {
  it.skipIf(!hasTools('dpkg-query'))('finds what dpkg-query says is installed on this machine', async () => {
    const format = '${db:Status-Status}\t${Package}\t${Version}\t${Architecture}\t${Installed-Size}\n';
    const theirs = (await run('dpkg-query', ['-W', '-f', format]))
      .split('\n')
      .filter((line) => line.startsWith('installed\t'));
    const ours = [...readDpkg(readFileSync('/var/lib/dpkg/status', 'utf8'))].map(
      ({ name, version, architecture, sizeBytes }) =>
        ['installed', name, version, architecture, sizeBytes === undefined ? '' : sizeBytes / 1024].join('\t'),
    );
    expect(ours.length).toBeGreaterThan(50);
    expect(ours.toSorted()).toEqual(theirs.toSorted());
  });

  it('takes a file of status.d, which has no status, and names the source where it differs', () => {
    const text = 'Package: libc6\nVersion: 2.36-9\nArchitecture: amd64\nSource: glibc (2.36)\nInstalled-Size: 12\n';
    expect([...readDpkg(text)]).toEqual([
      { name: 'libc6', version: '2.36-9', architecture: 'amd64', source: 'glibc', sizeBytes: 12_288 },
    ]);
  });

  it('leaves out what is removed or only unpacked, and what has no name', () => {
    const stanza = (status: string) => `Package: ${status.length}\nStatus: ${status}\nVersion: 1\n`;
    const all = ['deinstall ok config-files', 'install ok half-installed', 'install ok unpacked', 'hold ok installed'];
    const text = [...all.map(stanza), 'Status: install ok installed\nVersion: 3\n'].join('\n');
    expect([...readDpkg(text)].map(({ name }) => name)).toEqual([String('hold ok installed'.length)]);
  });
});

describe('readApk', () => {
  it('reads the installed database of Alpine', () => {
    const text = [
      'C:Q1abc=\nP:musl\nV:1.2.5-r0\nA:x86_64\nS:1\nI:634880\nT:the C library\nL:MIT\no:musl\nF:lib\nR:ld-musl.so\n',
      'P:libssl3\nV:3.3.2-r0\nA:x86_64\nI:10\nL:Apache-2.0\no:openssl\n',
      'V:no name\n',
    ].join('\n');
    expect([...readApk(text)]).toEqual([
      { name: 'musl', version: '1.2.5-r0', architecture: 'x86_64', license: 'MIT', sizeBytes: 634_880 },
      {
        name: 'libssl3',
        version: '3.3.2-r0',
        architecture: 'x86_64',
        license: 'Apache-2.0',
        source: 'openssl',
        sizeBytes: 10,
      },
    ]);
  });
});

describe('readPython and readNpm', () => {
  it('read the headers of METADATA, not its prose', () => {
    const text = 'Metadata-Version: 2.1\r\nName: flask\r\nVersion: 3.0.0\r\nLicense: BSD\r\n\r\nName: other\r\n';
    expect(readPython(text)).toEqual({ name: 'flask', version: '3.0.0', license: 'BSD' });
    expect(readPython('prose')).toBeUndefined();
  });

  it('read a package.json, also of the older form, and nothing that is none', () => {
    expect(readNpm('{"name":"a","version":"1.0.0","license":"MIT"}')).toEqual({
      name: 'a',
      version: '1.0.0',
      license: 'MIT',
    });
    expect(readNpm('{"name":"a","version":"1","license":{"type":"ISC"}}')?.license).toBe('ISC');
    for (const text of ['{"name":"a"}', '{"name":5,"version":"1"}', '[]', 'null', '{', ''])
      expect(readNpm(text)).toBeUndefined();
  });

  it('cut what is too long to be a name', () => {
    expect(readNpm(JSON.stringify({ name: 'x'.repeat(10_000), version: '1' }))?.name.length).toBeLessThan(600);
  });
});

/** A header as rpm keeps it: names of tags with texts and numbers. */
function rpmHeader(tags: ReadonlyArray<readonly [tag: number, value: string | number]>): Buffer {
  const data: Buffer[] = [];
  let offset = 0;
  const index = tags.map(([tag, value]) => {
    const bytes = typeof value === 'string' ? Buffer.from(`${value}\u0000`) : Buffer.alloc(4);
    if (typeof value === 'number') bytes.writeUInt32BE(value);
    const entry = Buffer.alloc(16);
    for (const [at, word] of [tag, typeof value === 'string' ? 6 : 4, offset, 1].entries())
      entry.writeUInt32BE(word, at * 4);
    offset += bytes.length;
    data.push(bytes);
    return entry;
  });
  const counts = Buffer.alloc(8);
  counts.writeUInt32BE(tags.length, 0);
  counts.writeUInt32BE(offset, 4);
  return Buffer.concat([counts, ...index, ...data]);
}

const BASH = rpmHeader([
  [1000, 'bash'],
  [1001, '5.2'],
  [1002, '3.fc40'],
  [1003, 1],
  [1014, 'GPL'],
  [1022, 'x86_64'],
  [1009, 77],
]);

describe('readRpm', () => {
  it.skipIf(!hasTools('rpm', 'rpmbuild'))('finds what rpm itself has installed', async () => {
    const folder = temporaryFolder();
    const spec = (name: string) =>
      `Name: ${name}\nVersion: 1.2.3\nRelease: 4\nEpoch: 2\nSummary: s\nLicense: MIT\nBuildArch: noarch\n%description\nx\n%files\n`;
    await mkdir(join(folder, 'root'));
    for (const name of ['first', 'second']) {
      await writeFile(join(folder, `${name}.spec`), spec(name));
      await run('rpmbuild', ['-bb', '--define', `_topdir ${folder}/top`, join(folder, `${name}.spec`)]);
      const file = join(folder, 'top/RPMS/noarch', `${name}-1.2.3-4.noarch.rpm`);
      await run('rpm', ['--root', join(folder, 'root'), '--dbpath', '/db', '-i', '--nodeps', file]);
    }
    const found = [...readRpm(await readFile(join(folder, 'root/db/rpmdb.sqlite')))];
    expect(found.map(({ name, version, architecture, license }) => [name, version, architecture, license])).toEqual([
      ['first', '2:1.2.3-4', 'noarch', 'MIT'],
      ['second', '2:1.2.3-4', 'noarch', 'MIT'],
    ]);
  });

  it('reads headers with and without an epoch, and leaves out keys', () => {
    expect(readRpmHeader(BASH)).toEqual({
      name: 'bash',
      version: '1:5.2-3.fc40',
      architecture: 'x86_64',
      license: 'GPL',
      sizeBytes: 77,
    });
    expect(
      readRpmHeader(
        rpmHeader([
          [1000, 'a'],
          [1001, '1'],
          [1002, '2'],
          [1003, 0],
        ]),
      )?.version,
    ).toBe('1-2');
    expect(readRpmHeader(rpmHeader([[1001, '1']]))).toBeUndefined();
  });

  it('refuses a broken header, and never reads past its end', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: BASH.length - 1 }), fc.nat({ max: 255 })), { maxLength: 8 }),
        fc.nat({ max: BASH.length }),
        (changes, cut) => {
          const broken = Buffer.from(BASH.subarray(0, BASH.length - (cut % 20)));
          for (const [at, byte] of changes) if (at < broken.length) broken[at] = byte;
          let outcome: unknown;
          try {
            outcome = readRpmHeader(broken) ?? {};
          } catch (error) {
            outcome = error;
          }
          expect(outcome instanceof Error ? outcome : undefined).toSatisfy(
            (error) => error === undefined || error instanceof DatabaseError,
          );
        },
      ),
      { numRuns: 1000 },
    );
  });
});

async function* inPieces(bytes: Buffer): AsyncGenerator<Buffer, void, void> {
  for (let at = 0; at < bytes.length; at += 50_000) yield bytes.subarray(at, at + 50_000);
}

/** Files of one layer by path, read as an opened layer would. */
async function listOf(
  contents: Readonly<Record<string, string | Buffer>>,
  links: ReadonlyArray<readonly [string, string]> = [],
  onProgress?: (progress: PackagesProgress) => void,
) {
  const entries = Object.entries(contents).map(([path, content]) => ({
    path,
    content: Buffer.byteLength(content),
    mode: path.endsWith('.txt') ? 0o644 : 0o755,
  }));
  const files = await filesOf([...entries, ...links.map(([path, to]) => symlink(path, to))]);
  const view = await files.viewOf(MERGED);
  const sources: PackageSources = {
    isAtHand: async (node) => !view.stack.tree.pathOf(node).startsWith('far/'),
    readNodes: async function* (nodes) {
      for (const node of nodes) {
        const content = contents[view.stack.tree.pathOf(node)];
        if (content !== undefined) yield { node, bytes: inPieces(Buffer.from(content)) };
      }
    },
  };
  return listPackages(view, sources, { onProgress });
}

function rpmDatabase(): Buffer {
  const path = join(temporaryFolder(), 'rpmdb.sqlite');
  const database = new DatabaseSync(path);
  database.exec('CREATE TABLE Packages(hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)');
  for (const header of [
    BASH,
    rpmHeader([
      [1000, 'gpg-pubkey'],
      [1001, 'a'],
      [1002, 'b'],
    ]),
  ]) {
    database.prepare('INSERT INTO Packages(blob) VALUES (?)').run(header);
  }
  database.close();
  return readFileSync(path);
}

describe('listPackages', () => {
  it('tells at once how much there is to read, then what has been', async () => {
    const status = `Package: a\nVersion: 1\nStatus: install ok installed\nDescription: ${'x'.repeat(120_000)}\n`;
    const npm = '{"name":"b","version":"2"}';
    const told: PackagesProgress[] = [];
    await listOf({ 'var/lib/dpkg/status': status, 'app/node_modules/b/package.json': npm }, [], (progress) =>
      told.push(progress),
    );
    const totalBytes = status.length + npm.length;
    expect(told[0]).toEqual({ readBytes: 0, totalBytes });
    expect(told.at(-1)).toEqual({ readBytes: totalBytes, totalBytes });
    const read = told.map(({ readBytes }) => readBytes);
    expect(read).toEqual(read.toSorted((a, b) => a - b));
    expect(read).toContain(50_000);
  });

  it('reads every database it knows, wherever it is, each file once', async () => {
    const { packages, databases } = await listOf(
      {
        'var/lib/dpkg/status': 'Package: libc6\nStatus: install ok installed\nVersion: 2.36\n',
        'var/lib/dpkg/status.d/tzdata': 'Package: tzdata\nVersion: 2026a\n',
        'var/lib/dpkg/status.d/tzdata.md5sums': 'Package: no\nVersion: 1\n',
        'usr/lib/apk/db/installed': 'P:musl\nV:1.2\n',
        'usr/lib/sysimage/rpm/rpmdb.sqlite': rpmDatabase(),
        'app/node_modules/left-pad/package.json': '{"name":"left-pad","version":"1.3.0"}',
        'app/node_modules/@acme/ui/package.json': '{"name":"@acme/ui","version":"2.0.0"}',
        'app/node_modules/left-pad/test/package.json': '{"name":"not-me","version":"0"}',
        'app/package.json': '{"name":"app","version":"9"}',
        'usr/lib/python3/site-packages/flask-3.dist-info/METADATA': 'Name: flask\nVersion: 3\n\n',
        'usr/lib/python3/six.egg-info': 'Name: six\nVersion: 1.16\n',
        'usr/share/doc/METADATA': 'Name: not-me\nVersion: 0\n',
      },
      [
        ['lib', 'usr/lib'],
        ['var/lib/rpm', '../../usr/lib/sysimage/rpm'],
      ],
    );
    expect(packages.map(({ ecosystem, name }) => `${ecosystem} ${name}`)).toEqual([
      'apk musl',
      'deb libc6',
      'deb tzdata',
      'npm @acme/ui',
      'npm left-pad',
      'pypi flask',
      'pypi six',
      'rpm bash',
    ]);
    expect(
      databases.map(({ ecosystem, state, packageCount }) => `${ecosystem} ${state} ${packageCount}`).toSorted(),
    ).toEqual(['apk read 1', 'deb read 1', 'deb read 1', 'npm read 2', 'pypi read 2', 'rpm read 1']);
  });

  it('says what it cannot read, and reads the rest', async () => {
    const { packages, databases } = await listOf({
      'var/lib/rpm/Packages': 'Berkeley DB',
      'usr/lib/sysimage/rpm/Packages.db': 'ndb',
      'usr/share/rpm/rpmdb.sqlite': 'no database',
      'lib/apk/db/installed': 'P:musl\nV:1.2\n',
      'a/node_modules/b/package.json': 'no json',
    });
    expect(packages.map(({ name }) => name)).toEqual(['musl']);
    expect(databases.map(({ path, state }) => `${path} ${state}`).toSorted()).toEqual([
      'a/node_modules/b/package.json read',
      'lib/apk/db/installed read',
      'usr/lib/sysimage/rpm/Packages.db not-readable',
      'usr/share/rpm/rpmdb.sqlite broken',
      'var/lib/rpm/Packages not-readable',
    ]);
  });

  it('says when a database has changes beside it, and when it is too large', async () => {
    const { databases } = await listOf({
      'var/lib/rpm/rpmdb.sqlite': rpmDatabase(),
      'var/lib/rpm/rpmdb.sqlite-wal': 'more',
    });
    expect(databases).toMatchObject([{ state: 'read', detail: expect.stringContaining('write-ahead log') }]);
    const files = await filesOf([{ path: 'var/lib/dpkg/status', content: 2 ** 40 }]);
    const none = await listPackages(await files.viewOf(MERGED), {
      isAtHand: () => Promise.resolve(true),
      readNodes: async function* () {
        // Nothing is asked for.
      },
    });
    expect(none.databases).toMatchObject([{ state: 'too-large' }]);
  });

  it('names the modules of programs that were made with Go, and searches what may be one', async () => {
    const modules = 'path\tacme/tool\nmod\tacme/tool\tv1.2.3\th1:x=\ndep\tacme/lib\tv0.1.0\n=>\tacme/fork\tv0.1.1\t\n';
    const program = goProgram({ modules });
    const { packages, databases } = await listOf(
      {
        'usr/bin/tool': program,
        'usr/bin/other': Buffer.concat([Buffer.from('7f454c46', 'hex'), Buffer.alloc(1 << 20)]),
        'usr/bin/small': program.subarray(0, 1000),
        'usr/bin/readme.txt': program,
        'usr/lib/libx.so.1': program,
        'far/away': program,
        'far/bin/too': program,
      },
      [['usr/bin/alias', 'tool']],
    );
    expect(packages).toEqual([
      { ecosystem: 'go', name: 'acme/fork', version: 'v0.1.1', source: 'acme/lib', path: 'usr/bin/tool' },
      { ecosystem: 'go', name: 'acme/tool', version: 'v1.2.3', path: 'usr/bin/tool' },
      { ecosystem: 'go', name: 'stdlib', version: 'go1.26.8', path: 'usr/bin/tool' },
    ]);
    expect(databases).toEqual([
      { ecosystem: 'go', path: 'far/bin/too', state: 'not-searched', packageCount: 0, fileCount: 2 },
      { ecosystem: 'go', path: 'usr/bin/tool', state: 'read', packageCount: 3 },
    ]);
  });

  it('searches no more for modules of Go than 256 MiB and 64 programs, the usual places first', async () => {
    const size = 100 << 20;
    const many = Array.from({ length: 70 }, (_, at) => ({ path: `opt/${at}`, content: 600_000, mode: 0o755 }));
    const large = ['opt/x', 'usr/bin/a', 'usr/bin/b', 'usr/bin/c'].map((path) => ({
      path,
      content: size,
      mode: 0o755,
    }));
    const asked = async (entries: typeof large) => {
      const view = await (await filesOf(entries)).viewOf(MERGED);
      const paths: string[] = [];
      const { databases } = await listPackages(view, {
        isAtHand: () => Promise.resolve(true),
        readNodes: async function* (nodes) {
          paths.push(...nodes.map((node) => view.stack.tree.pathOf(node)));
          yield* [];
        },
      });
      return { paths: paths.toSorted(), leftOut: databases.find(({ state }) => state === 'not-searched')?.fileCount };
    };
    expect(await asked(large)).toEqual({ paths: ['usr/bin/a', 'usr/bin/b'], leftOut: 2 });
    const { paths, leftOut } = await asked(many);
    expect([paths.length, leftOut]).toEqual([64, 6]);
  });
});
