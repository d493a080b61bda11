import { describe, expect, test } from 'vitest';
import { findDescriptors } from '#renderer/lib/json-descriptors.ts';

const digest = (fill: string) => `sha256:${fill.repeat(32)}`;
const OCI = 'application/vnd.oci.image';
const part = (mediaType: string, fill: string) => ({ mediaType, digest: digest(fill), size: 7 });

describe('descriptors in a document', () => {
  test('each is found with what it is to the document', () => {
    const manifest = {
      schemaVersion: 2,
      config: part(`${OCI}.config.v1+json`, 'c0'),
      layers: [part(`${OCI}.layer.v1.tar+gzip`, 'a1')],
      subject: part(`${OCI}.manifest.v1+json`, '5b'),
    };
    const found = findDescriptors(JSON.stringify(manifest));
    expect([...found].map(([key, { role }]) => [key, role])).toEqual([
      [digest('c0'), 'config'],
      [digest('a1'), 'blob'],
      [digest('5b'), 'manifest'],
    ]);
    expect(found.get(digest('a1'))?.descriptor.sizeBytes).toBe(7);
  });

  test('children of an index lead to manifests, whatever their media type', () => {
    const index = { manifests: [part('application/vnd.example.unknown', '01')] };
    expect(findDescriptors(JSON.stringify(index)).get(digest('01'))?.role).toBe('manifest');
  });

  test('what only looks like a descriptor is left alone', () => {
    const near = [
      { digest: digest('aa') },
      { ...part('x/y', 'bb'), size: -1 },
      { ...part('x/y', 'cc'), digest: 'sha256:xy' },
    ];
    expect(findDescriptors(JSON.stringify(near)).size).toBe(0);
  });

  test('M08 a key named __proto__ is a key like any other', () => {
    const text = `{"__proto__":${JSON.stringify(part('x/y', 'dd'))}}`;
    expect(findDescriptors(text).has(digest('dd'))).toBe(true);
    expect(Object.hasOwn(Object.prototype, 'digest')).toBe(false);
  });

  test('text that is not JSON, or is nested without end, has none', () => {
    expect(findDescriptors('<html>').size).toBe(0);
    expect(findDescriptors(`${'['.repeat(5000)}${']'.repeat(5000)}`).size).toBe(0);
  });
});
