import { expect, test } from 'vitest';
import type { AppError } from '#shared/api/app-error.ts';
import { registryOfError } from '#renderer/lib/transfer-registry.ts';

const registries = [
  { id: 'a', host: 'a.example' },
  { id: 'b', host: 'b.example:5000' },
  { id: 'c', host: 'c.example' },
];
const copy = { sources: ['a.example/web:1'], destination: 'b.example:5000/web:1' };
const refusedAt = (url: string): AppError => ({
  kind: 'unauthorized',
  hadCredential: true,
  codes: [],
  trace: { method: 'PUT', url, hop: 'registry' },
});

test('an error is about the end that was asked', () => {
  expect(registryOfError({ ...copy, error: refusedAt('https://b.example:5000/v2/') }, registries)?.id).toBe('b');
  expect(registryOfError({ ...copy, error: refusedAt('https://a.example/v2/web') }, registries)?.id).toBe('a');
});

test('else about the only end that is a registry', () => {
  const push = { sources: ['images.tar'], destination: 'c.example/web', error: { kind: 'cancelled' } as const };
  expect(registryOfError(push, registries)?.id).toBe('c');
});

test('and about none where that cannot be told', () => {
  expect(registryOfError({ ...copy, error: { kind: 'cancelled' } }, registries)).toBeUndefined();
  expect(registryOfError({ ...copy, error: refusedAt('https://c.example/v2/') }, registries)).toBeUndefined();
});
