import { assert as check, asyncProperty } from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzedTar } from '#test/support/fuzzed-tar.ts';
import { type Listed, listWithGantry, listWithGnuTar } from '#test/support/gnu-tar.ts';

/** Enough for every run of the tests; many thousands were run when the reader was written. */
const RUNS = 60;

/** GNU tar calls contiguous files `C`, which nobody else tells from files. */
const comparable = (entries: readonly Listed[]) =>
  entries.map((each) => ({ ...each, mode: each.mode.replace(/^C/, '-') }));

test('a listing of any archive equals that of GNU tar, or ends with a typed refusal where it would not', async () => {
  await check(
    asyncProperty(fuzzedTar, async (tar) => {
      const ours = listWithGantry(tar);
      const gnu = await listWithGnuTar(tar);
      // What is listed before a refusal is right, too.
      const expected = ours.complaint === undefined ? gnu.entries : gnu.entries.slice(0, ours.entries.length);
      expect(comparable(ours.entries)).toEqual(comparable(expected));
      expect(ours.complaint === undefined && gnu.complaint !== undefined).toBe(false);
    }),
    { numRuns: RUNS },
  );
});
