import { describe, expect, test } from 'vitest';
import type { CopySource } from '#renderer/lib/copy-sources.ts';
import {
  countClashes,
  expandPattern,
  nameProblem,
  patternProblem,
  previewName,
  sourceFacts,
} from '#renderer/lib/name-pattern.ts';

const DIGEST = `sha256:${'ab'.repeat(32)}`;
const tagged: CopySource = { kind: 'image', registryId: 'r', repository: 'team/web', reference: '1.2' };
const facts = sourceFacts(tagged, '127.0.0.1:5000');

describe('patternProblem', () => {
  test('takes every placeholder there is', () => {
    expect(patternProblem('{registry}/{repository}/{name}-{tag}-{digest}')).toBeUndefined();
  });

  test('names a placeholder that is none', () => {
    expect(patternProblem('mirror/{repo}')).toMatch(/^There is no \{repo\}/);
  });

  test('finds a brace that stands alone', () => {
    expect(patternProblem('mirror/{name')).toBe('A brace stands alone');
    expect(patternProblem('mirror/name}')).toBe('A brace stands alone');
  });
});

describe('expandPattern', () => {
  test('puts in what the source is', () => {
    expect(expandPattern('{registry}/{repository}|{name}|{tag}', facts)).toBe('127.0.0.1-5000/team/web|web|1.2');
  });

  test('leaves what is not known before the plan', () => {
    expect(expandPattern('{tag}-{digest}', facts)).toBe('1.2-{digest}');
    const repository = sourceFacts({ kind: 'repository', registryId: 'r', repository: 'a/b' }, 'h');
    expect(expandPattern('{name}:{tag}', repository)).toBe('b:{tag}');
  });

  test('does not look for placeholders in what it put in', () => {
    expect(expandPattern('{tag}', { ...facts, tag: '{name}' })).toBe('{name}');
  });

  test('gives the digest of a source named by digest, and no tag', () => {
    const byDigest = sourceFacts({ ...tagged, reference: DIGEST }, 'h');
    expect(expandPattern('x{tag}-{digest}', byDigest)).toBe(`x-${'ab'.repeat(32)}`);
  });
});

describe('previewName', () => {
  test('is good for a name a registry takes', () => {
    expect(previewName({ repository: 'mirror/{name}', tag: '{tag}' }, facts)).toEqual({
      repository: 'mirror/web',
      tag: '1.2',
      problem: undefined,
    });
  });

  test('loses slashes at the ends, as the engine does', () => {
    expect(previewName({ repository: '/mirror/{name}/', tag: '' }, facts).repository).toBe('mirror/web');
  });

  test('says which part is wrong', () => {
    expect(previewName({ repository: 'Mirror/{name}', tag: '{tag}' }, facts).problem).toBe(
      '“Mirror/web” is not a repository name',
    );
    expect(previewName({ repository: 'a', tag: 'no tag' }, facts).problem).toBe('“no tag” is not a tag');
    expect(nameProblem({ repository: '', tag: 'x' })).toBe('Type a repository');
  });

  test('does not call a name wrong for what is not known yet', () => {
    expect(previewName({ repository: '{name}', tag: '{tag}-{digest}' }, facts).problem).toBeUndefined();
  });
});

describe('countClashes', () => {
  const names = { repository: 'one', tag: '{tag}' };

  test('counts the sources that end where another one ends', () => {
    const web = { ...facts, tag: '1' };
    expect(countClashes([web, web, { ...web, tag: '2' }].map((each) => previewName(names, each)))).toBe(1);
  });

  test('counts none where the tag is not known, or where there is none', () => {
    const unknown = { ...facts, tag: undefined };
    expect(countClashes([unknown, unknown].map((each) => previewName(names, each)))).toBe(0);
    expect(countClashes([facts, facts].map((each) => previewName({ ...names, tag: '' }, each)))).toBe(0);
  });
});
