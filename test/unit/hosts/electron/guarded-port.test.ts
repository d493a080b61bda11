import { describe, expect, it } from 'vitest';
import { guardPort } from '#main/hosts/electron/guarded-port.ts';

function createPort() {
  const messages: ((message: { data: unknown }) => void)[] = [];
  const closes: (() => void)[] = [];
  const sent: unknown[] = [];
  const logged: string[] = [];
  const raw = {
    on: (event: string, listener: (message: { data: unknown }) => void) =>
      event === 'close' ? closes.push(listener as () => void) : messages.push(listener),
    postMessage: (data: unknown) => sent.push(data),
  };
  return {
    port: guardPort(raw, { log: (_level, event) => logged.push(event) }),
    sent,
    logged,
    receive: (data: unknown) => messages.forEach((listener) => listener({ data })),
    close: () => closes.forEach((listener) => listener()),
  };
}

describe('a guarded port', () => {
  it('I01 lets calls in and nothing else, and logs what it left out without its content', () => {
    const { port, receive, logged } = createPort();
    const seen: unknown[] = [];
    port.on('message', (event) => seen.push(event?.data));
    const call = '{"i":"1","p":{"u":"/host/info"}}';
    for (const data of ['secret', call, 7]) receive(data);
    expect(seen).toEqual([call]);
    expect(logged).toEqual(['rpc.message-refused', 'rpc.message-refused']);
  });

  it('tells of the end and sends nothing after it', () => {
    const { port, sent, close } = createPort();
    let ended = false;
    port.on('close', () => (ended = true));
    port.postMessage('before');
    close();
    port.postMessage('after');
    expect([ended, sent]).toEqual([true, ['before']]);
  });
});
