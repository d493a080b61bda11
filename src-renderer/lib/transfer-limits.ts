import { formatBytes } from './format-bytes.ts';

const MIB = 1024;

/** The limits offered, in KiB a second; 0 is none. */
const RATES: readonly number[] = [0, 512, MIB, 5 * MIB, 10 * MIB, 50 * MIB, 100 * MIB];
const LANES: readonly number[] = [0, 1, 2, 4, 8, 16, 32];

function withCurrent(offered: readonly number[], current: number): readonly number[] {
  return [...new Set([...offered, current])].toSorted((a, b) => a - b);
}

/** The choices, with the one that is set among them. */
export function rateChoices(current: number): readonly number[] {
  return withCurrent(RATES, current);
}

export function laneChoices(current: number): readonly number[] {
  return withCurrent(LANES, current);
}

/** `No limit`, `10.0 MiB/s`. */
export function rateLimitText(kibPerSecond: number): string {
  return kibPerSecond === 0 ? 'No limit' : `${formatBytes(kibPerSecond * 1024)}/s`;
}

/** `As many as are fastest`, `4`. */
export function lanesText(lanes: number): string {
  return lanes === 0 ? 'As many as are fastest' : String(lanes);
}
