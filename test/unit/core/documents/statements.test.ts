import { describe, expect, it } from 'vitest';
import { provenancePredicate, spdxDocument } from '#main/core/local-registry/samples/statements.ts';
import { decode, of, statement, viewOf } from '#test/support/documents.ts';

describe('an SBOM', () => {
  it('of SPDX has its packages by name, without what is not asserted', () => {
    const { view, packages } = decode({
      ...spdxDocument('app', '2026-01-01T00:00:00Z'),
      files: [{}, {}],
      packages: [
        { name: 'zlib', versionInfo: '1.3', licenseConcluded: 'NOASSERTION', licenseDeclared: 'Zlib', SPDXID: 'z' },
        {
          name: 'acl',
          supplier: 'Organization: Debian',
          licenseConcluded: 'GPL-2.0',
          externalRefs: [
            { referenceType: 'cpe23Type', referenceLocator: 'cpe:2.3:a:acl' },
            { referenceType: 'purl', referenceLocator: 'pkg:deb/acl@2' },
          ],
        },
        { versionInfo: 'no name' },
      ],
    });
    expect(of('sbom', view).sbom).toEqual({
      format: 'spdx',
      version: 'SPDX-2.3',
      name: 'app',
      created: '2026-01-01T00:00:00Z',
      creators: ['Organization: Gantry samples', 'Tool: gantry-image-builder'],
      packageCount: 2,
      fileCount: 2,
      isComplete: true,
    });
    expect(packages).toEqual([
      { name: 'acl', license: 'GPL-2.0', supplier: 'Debian', cpe: 'cpe:2.3:a:acl', purl: 'pkg:deb/acl@2' },
      { name: 'zlib', version: '1.3', license: 'Zlib', id: 'z' },
    ]);
  });

  it('of CycloneDX has components of components, tools of either form, and files apart', () => {
    const { view, packages } = decode({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      metadata: {
        timestamp: '2026-01-01T00:00:00Z',
        component: { name: 'app' },
        tools: { components: [{ name: 'syft', version: '1.2' }], services: [{ name: 's' }] },
      },
      components: [
        {
          type: 'library',
          group: 'org.acme',
          name: 'core',
          version: '2',
          licenses: [{ license: { id: 'MIT' } }, { license: { name: 'Own' } }],
          components: [{ type: 'library', name: 'inner', licenses: [{ expression: 'A OR B' }] }],
        },
        { type: 'file', name: '/etc/passwd' },
      ],
    });
    expect(of('sbom', view).sbom).toMatchObject({
      format: 'cyclonedx',
      version: '1.6',
      name: 'app',
      creators: ['syft 1.2', 's'],
      packageCount: 2,
      fileCount: 1,
    });
    expect(packages).toEqual([
      { name: 'inner', type: 'library', license: 'A OR B' },
      { name: 'org.acme/core', type: 'library', version: '2', license: 'MIT AND Own' },
    ]);
    const older = {
      bomFormat: 'CycloneDX',
      specVersion: '1.4',
      metadata: { tools: [{ vendor: 'a', name: 'b', version: '1' }] },
    };
    expect(of('sbom', viewOf(older)).sbom.creators).toEqual(['a b 1']);
  });

  it('may be the predicate of a statement, as an object or as text', () => {
    const spdx = spdxDocument('app', '2026');
    for (const predicate of [spdx, { Data: JSON.stringify(spdx), Timestamp: '2026' }]) {
      const { view, packages } = decode(statement('https://spdx.dev/Document', predicate));
      expect(of('sbom', view)).toMatchObject({
        subjects: [
          {
            name: 'app',
            digests: [
              ['sha256', 'aa'],
              ['sha512', 'bb'],
            ],
          },
        ],
      });
      expect(packages.length).toBe(6);
    }
  });
});

describe('provenance', () => {
  it('of version 1 names builder, source, times and materials', () => {
    const view = of(
      'provenance',
      viewOf(statement('https://slsa.dev/provenance/v1', provenancePredicate('app', '2026-10-19'))),
    );
    expect(view.provenance).toMatchObject({
      version: 'v1',
      builder: 'https://example.com/gantry/builder',
      invocationId: 'app-1042',
      startedOn: '2026-10-19T16:14:30Z',
      source: { uri: 'https://example.com/gantry/app.git#main', entryPoint: 'Dockerfile' },
      materialCount: 1,
    });
    expect(view.provenance.parameters).toContainEqual(['request.args.target', 'release']);
    expect(view.provenance.materials[0]).toMatchObject({ uri: expect.stringContaining('pkg:docker/alpine') });
  });

  it('of GitHub’s builder names repository, ref and workflow, with the digest of the material', () => {
    const { provenance } = of(
      'provenance',
      viewOf(
        statement('https://slsa.dev/provenance/v1', {
          buildDefinition: {
            buildType: 'https://actions.github.io/buildtypes/workflow/v1',
            externalParameters: {
              workflow: {
                ref: 'refs/tags/v1',
                repository: 'https://github.com/acme/app',
                path: '.github/workflows/r.yml',
              },
            },
            resolvedDependencies: [
              { uri: 'git+https://github.com/acme/app@refs/tags/v1', digest: { gitCommit: 'abc' } },
            ],
          },
          runDetails: { builder: { id: 'https://github.com/actions/runner/github-hosted' } },
        }),
      ),
    );
    expect(provenance.source).toEqual({
      uri: 'https://github.com/acme/app@refs/tags/v1',
      digests: [['gitCommit', 'abc']],
      entryPoint: '.github/workflows/r.yml',
    });
  });

  it('of versions 0.1 and 0.2 is read by their names', () => {
    const predicate = {
      builder: { id: 'b' },
      buildType: 't',
      invocation: {
        configSource: { uri: 'git+https://x', digest: { sha1: '1' }, entryPoint: 'e' },
        parameters: { a: { b: 1 }, c: [true] },
      },
      metadata: { buildInvocationID: 'i', buildStartedOn: 's', buildFinishedOn: 'f' },
      materials: [{ uri: 'm', digest: { sha256: '2' } }],
    };
    expect(of('provenance', viewOf(statement('https://slsa.dev/provenance/v0.2', predicate))).provenance).toEqual({
      version: 'v0.2',
      builder: 'b',
      buildType: 't',
      invocationId: 'i',
      startedOn: 's',
      finishedOn: 'f',
      source: { uri: 'git+https://x', digests: [['sha1', '1']], entryPoint: 'e' },
      parameters: [
        ['a.b', '1'],
        ['c.0', 'true'],
      ],
      materials: [{ uri: 'm', digests: [['sha256', '2']] }],
      materialCount: 1,
    });
    const older = { recipe: { type: 't', arguments: { x: 'y' } }, materials: [{ uri: 'git+https://x' }] };
    expect(of('provenance', viewOf(statement('https://slsa.dev/provenance/v0.1', older))).provenance).toMatchObject({
      version: 'v0.1',
      buildType: 't',
      parameters: [['x', 'y']],
      source: { uri: 'git+https://x' },
    });
  });

  it('of another version, and another predicate, are shown as fields', () => {
    const view = of('statement', viewOf(statement('https://slsa.dev/provenance/v2', { a: { b: 'c' }, list: [1] })));
    expect(view).toMatchObject({
      predicateType: 'https://slsa.dev/provenance/v2',
      fields: [
        ['a.b', 'c'],
        ['list.0', '1'],
      ],
    });
  });
});
