/** One line of two lists laid beside each other. */
export type Aligned<T> = { readonly left?: T; readonly right?: T };

/** Beyond this many comparisons only what begins and ends alike is matched. */
const MAX_STEPS = 1_000_000;

/**
 * Lays two lists beside each other so that as many lines as possible stand beside their equals (the longest common
 * subsequence); what only one of them has stands alone, that of the left first.
 */
export function align<T>(
  left: readonly T[],
  right: readonly T[],
  isSame: (left: T, right: T) => boolean,
): readonly Aligned<T>[] {
  const start = countWhile(Math.min(left.length, right.length), (at) => same(left[at], right[at], isSame));
  const most = Math.min(left.length, right.length) - start;
  const end = countWhile(most, (at) => same(left[left.length - 1 - at], right[right.length - 1 - at], isSame));
  const middleLeft = left.slice(start, left.length - end);
  const middleRight = right.slice(start, right.length - end);
  const middle: readonly Aligned<T>[] =
    middleLeft.length * middleRight.length > MAX_STEPS
      ? [...pair(middleLeft, []), ...middleRight.flatMap((line) => lineOf(undefined, line))]
      : alignMiddle(middleLeft, middleRight, isSame);
  return [
    ...pair(left.slice(0, start), right.slice(0, start)),
    ...middle,
    ...pair(left.slice(left.length - end), right.slice(right.length - end)),
  ];
}

function same<T>(left: T | undefined, right: T | undefined, isSame: (left: T, right: T) => boolean): boolean {
  return left !== undefined && right !== undefined && isSame(left, right);
}

function countWhile(most: number, holds: (at: number) => boolean): number {
  let count = 0;
  while (count < most && holds(count)) count += 1;
  return count;
}

function pair<T>(left: readonly T[], right: readonly T[]): readonly Aligned<T>[] {
  return left.flatMap((line, at) => lineOf(line, right[at]));
}

function alignMiddle<T>(
  left: readonly T[],
  right: readonly T[],
  isSame: (left: T, right: T) => boolean,
): readonly Aligned<T>[] {
  const common = commonRests(left, right, isSame);
  const lines: Aligned<T>[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    const isPair = same(left[i], right[j], isSame);
    const goesLeft = isPair || common(i + 1, j) >= common(i, j + 1);
    const goesRight = isPair || !goesLeft;
    lines.push(...lineOf(goesLeft ? left[i] : undefined, goesRight ? right[j] : undefined));
    if (goesLeft) i += 1;
    if (goesRight) j += 1;
  }
  return [
    ...lines,
    ...left.slice(i).flatMap((line) => lineOf(line, undefined)),
    ...right.slice(j).flatMap((line) => lineOf(undefined, line)),
  ];
}

function lineOf<T>(left: T | undefined, right: T | undefined): readonly Aligned<T>[] {
  if (left === undefined) return right === undefined ? [] : [{ right }];
  return right === undefined ? [{ left }] : [{ left, right }];
}

/** For a place in both lists how many lines their rests have in common. */
function commonRests<T>(
  left: readonly T[],
  right: readonly T[],
  isSame: (left: T, right: T) => boolean,
): (i: number, j: number) => number {
  const width = right.length + 1;
  const lengths = new Uint16Array((left.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      const isPair = same(left[i], right[j], isSame);
      lengths[i * width + j] = isPair ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  return at;
}
