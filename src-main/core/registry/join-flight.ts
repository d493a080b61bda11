import type { SingleFlight } from '../single-flight.ts';
import type { Priority } from './registry-client.ts';

const BROWSING = ['open', 'visible', 'background'] as const satisfies readonly Priority[];

/**
 * The key of the flight that a question may join, or begin. Nobody joins a question of lower priority than their own,
 * since it may wait in the queue behind a whole table; a transfer, which is patient for minutes, joins its like alone.
 */
export function joinableKey<T>(flights: SingleFlight<T>, question: string, priority: Priority = 'open'): string {
  const own = `${priority} ${question}`;
  if (priority === 'transfer') return own;
  const keys = BROWSING.slice(0, BROWSING.indexOf(priority) + 1).map((each) => `${each} ${question}`);
  return keys.find((each) => flights.isUnderWay(each)) ?? own;
}
