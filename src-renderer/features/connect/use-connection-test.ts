import type { AppError } from '#shared/api/app-error.ts';
import type { ConnectionInput, ConnectionStep } from '#shared/api/registries.ts';
import { useEffect, useRef, useState } from 'react';
import { appErrorOf } from '../../queries/app-error.ts';
import { testConnection } from '../../queries/registries.ts';

export type ConnectionTest = {
  readonly state: 'idle' | 'running' | 'done';
  /** The latest word of each rung, in the order they began. */
  readonly steps: readonly ConnectionStep[];
  /** The test itself could not be run. */
  readonly error?: AppError;
};

export const IDLE: ConnectionTest = { state: 'idle', steps: [] };

function withStep(steps: readonly ConnectionStep[], step: ConnectionStep): readonly ConnectionStep[] {
  const isKnown = steps.some((known) => known.step === step.step);
  return isKnown ? steps.map((known) => (known.step === step.step ? step : known)) : [...steps, step];
}

/** Runs one test at a time; a new one, `stop` and closing the dialog abort it. */
export function useConnectionTest() {
  const [test, setTest] = useState(IDLE);
  const running = useRef<AbortController>(undefined);
  useEffect(
    () => () => {
      running.current?.abort();
    },
    [],
  );
  const stop = () => {
    running.current?.abort();
    running.current = undefined;
    setTest(IDLE);
  };
  const run = async (input: ConnectionInput & { readonly id?: string }) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    const put = (change: (before: ConnectionTest) => ConnectionTest) => {
      if (running.current === controller) setTest(change);
    };
    put(() => ({ state: 'running', steps: [] }));
    try {
      for await (const step of await testConnection(input, controller.signal)) {
        put(({ steps }) => ({ state: 'running', steps: withStep(steps, step) }));
      }
      put(({ steps }) => ({ state: 'done', steps }));
    } catch (error) {
      put(({ steps }) => ({ state: 'done', steps, error: appErrorOf(error) }));
    }
  };
  return { test, run, stop };
}
