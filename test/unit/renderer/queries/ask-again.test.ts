import { askAgain } from '#renderer/queries/ask-again.ts';
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { describe, expect, it, onTestFinished } from 'vitest';

/** A query somebody looks at, whose answers come when the test says so. */
function watched(client: QueryClient) {
  const waiting: Array<(answer: string) => void> = [];
  const observer = new QueryObserver(client, {
    queryKey: ['health'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () =>
      new Promise<string>((resolve) => {
        waiting.push(resolve);
      }),
  });
  onTestFinished(observer.subscribe(() => undefined));
  return { observer, waiting };
}

describe('askAgain', () => {
  it('drops a first answer that was under way when the change came', async () => {
    const client = new QueryClient();
    const { observer, waiting } = watched(client);
    await expect.poll(() => waiting.length).toBe(1);
    askAgain(client, { queryKey: ['health'] });
    await expect.poll(() => waiting.length).toBe(2);
    waiting[0]?.('before the change');
    waiting[1]?.('after the change');
    await expect.poll(() => observer.getCurrentResult().data).toBe('after the change');
  });

  it('keeps showing an earlier answer until the next one is there', async () => {
    const client = new QueryClient();
    const { observer, waiting } = watched(client);
    await expect.poll(() => waiting.length).toBe(1);
    waiting[0]?.('first');
    await expect.poll(() => observer.getCurrentResult().data).toBe('first');
    askAgain(client, { queryKey: ['health'] });
    await expect.poll(() => waiting.length).toBe(2);
    expect(observer.getCurrentResult().data).toBe('first');
    waiting[1]?.('second');
    await expect.poll(() => observer.getCurrentResult().data).toBe('second');
  });
});
