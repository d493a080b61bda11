import { expect, test } from 'vitest';
import { splitReference } from '#renderer/lib/split-reference.ts';

test.each([
  ['ghcr.io/team/web:1.2', 'ghcr.io/team/web', ':1.2'],
  ['127.0.0.1:5000/team/web', '127.0.0.1:5000/team/web', ''],
  ['127.0.0.1:5000/team/web:1', '127.0.0.1:5000/team/web', ':1'],
  ['team/web@sha256:abc', 'team/web', '@sha256:abc'],
  ['images.tar', 'images.tar', ''],
])('%s', (text, name, end) => {
  expect(splitReference(text)).toEqual({ name, end });
});
