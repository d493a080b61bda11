import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readInstruction } from '#renderer/lib/instruction.ts';

describe('lines of history', () => {
  test.each([
    ['/bin/sh -c #(nop)  CMD ["nginx" "-g"]', 'CMD', '["nginx" "-g"]'],
    ['/bin/sh -c apt-get update', 'RUN', 'apt-get update'],
    ['RUN /bin/sh -c apk add curl # buildkit', 'RUN', 'apk add curl'],
    ['RUN |1 VERSION=1 /bin/sh -c make # buildkit', 'RUN', 'make'],
    ['COPY --from=build /out / # buildkit', 'COPY', '--from=build /out /'],
    ['/bin/sh -c #(nop) ADD file:9f0d in / ', 'ADD', 'file:9f0d in /'],
    ['cmd /S /C #(nop) ENV A=1', 'ENV', 'A=1'],
    ['|2 A=1 B=2 /bin/sh -c echo hi', 'RUN', 'echo hi'],
  ])('%j reads as its Dockerfile had it', (createdBy, verb, text) => {
    expect(readInstruction(createdBy)).toEqual({ verb, text });
  });

  test.each(['bazel build ...', 'apko', 'run lower case', 'COPYING notes'])('%j stays as it is', (createdBy) => {
    expect(readInstruction(createdBy)).toEqual({ verb: undefined, text: createdBy });
  });

  test('any text is read, and nothing is added to it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (createdBy) => {
        const { verb, text } = readInstruction(createdBy);
        expect(createdBy).toContain(text);
        expect(createdBy).toContain(verb ?? '');
      }),
    );
  });

  test.each([
    ['build arguments', `|9 ${'A=1 '.repeat(200_000)}x`],
    ['equals signs', `|9 ${'='.repeat(1_000_000)}`],
    ['white space', `x${' '.repeat(1_000_000)}y`],
    ['powershell', `powershell${' '.repeat(1_000_000)}`],
  ])('a million characters of %s end', (_name, line) => {
    expect(readInstruction(line).verb).toBeUndefined();
  });
});
