import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const folder = resolve(import.meta.dirname, '../../../shared/vectors');

/** The shared test vectors lie beside the project on the machines of its developers, and not in it. */
export const hasVectors: boolean = existsSync(folder);

/** All cases of a file that pass `only`, in order; the caller says what a case holds. None without the folder. */
export function loadVectors<Case extends { readonly id: string }>(
  file: string,
  only: (vector: Case) => boolean = () => true,
): readonly Case[] {
  if (!hasVectors) return [];
  const text = readFileSync(resolve(folder, `${file}.json`), 'utf8');
  return (JSON.parse(text) as { readonly cases: readonly Case[] }).cases.filter(only);
}
