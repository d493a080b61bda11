import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { decodeDocument } from './decode-document.ts';
import type { DecodeJob, FromDecode } from './decode-messages.ts';

// Run as a worker thread: decodes one large document. It has a bound on memory, and can be ended at any time.

const PART = 2000;

function run(port: MessagePort, { bytes, source }: DecodeJob): void {
  const answer = (message: FromDecode) => port.postMessage(message, []);
  const { view, packages } = decodeDocument(bytes, source);
  for (let at = 0; at < packages.length; at += PART) {
    answer({ kind: 'packages', packages: packages.slice(at, at + PART) });
  }
  answer({ kind: 'done', view });
}

if (parentPort !== null) run(parentPort, workerData);
