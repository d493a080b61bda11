import type { ChaosProxy } from './chaos-proxy.ts';
import { startChaosProxy } from './chaos-proxy.ts';
import { type DockerRegistry, startDockerRegistry } from './docker-registry.ts';
import { startTransferRig, type TransferRig, type TransferRigOptions } from './transfers.ts';

/** Two docker-registries, `a` to copy from and `b` to copy to, each behind a proxy that notes what is asked of it. */
export type RecordedPair = {
  readonly rig: TransferRig;
  readonly a: DockerRegistry;
  readonly b: DockerRegistry;
  readonly from: ChaosProxy;
  readonly to: ChaosProxy;
  /** `PUT /v2/…` of what the destination was asked since the last call, queries cut off. */
  asked(...methods: readonly string[]): readonly string[];
  [Symbol.asyncDispose](): Promise<void>;
};

export async function startRecordedPair(options: TransferRigOptions = {}): Promise<RecordedPair> {
  const [a, b] = await Promise.all([startDockerRegistry(), startDockerRegistry()]);
  const [from, to] = await Promise.all([startChaosProxy(a.host), startChaosProxy(b.host)]);
  const rig = await startTransferRig({ a: { host: from.host }, b: { host: to.host } }, options);
  let seen = 0;
  return {
    rig,
    a,
    b,
    from,
    to,
    asked: (...methods) => {
      const fresh = to.requests.slice(seen);
      seen = to.requests.length;
      return fresh
        .filter(({ method }) => methods.length === 0 || methods.includes(method))
        .map(({ method, path }) => `${method} ${path.replace(/\?.*/, '')}`);
    },
    [Symbol.asyncDispose]: async () => {
      await rig.close();
      for (const each of [from, to, a, b]) await each[Symbol.asyncDispose]();
    },
  };
}
