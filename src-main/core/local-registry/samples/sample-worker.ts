import { parentPort } from 'node:worker_threads';
import { SAMPLES } from './sample-list.ts';
import type { PlacedPush, SampleMessage } from './sample.ts';

// Run as a worker thread: answers each message with the next push, and with undefined after the last.

function* allPushes(): Generator<PlacedPush, undefined, void> {
  for (const sample of SAMPLES) {
    for (const push of sample.build()) yield { repository: sample.repository, ...push };
  }
  return undefined;
}

const pushes = allPushes();
parentPort?.on('message', () => {
  const message: SampleMessage = pushes.next().value;
  parentPort?.postMessage(message, []);
});
