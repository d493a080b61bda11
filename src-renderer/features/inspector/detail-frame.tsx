import type { ReactNode } from 'react';
import { KeyValueList, type KeyValue } from '../../ui/key-value-list.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import css from './inspector.module.css';

export type DetailFrameProps = {
  /** `Tag`, `Layer`. */
  readonly kind: string;
  /** Its name. Registry text. */
  readonly title: string;
  readonly action?: ReactNode;
  readonly facts?: readonly KeyValue[];
  readonly children?: ReactNode;
};

/** Kind, name, facts, and what follows. */
export function DetailFrame({ kind, title, action, facts, children }: DetailFrameProps) {
  return (
    <>
      <header className={css['head']}>
        <div className={css['kind']}>{kind}</div>
        <div className={css['headLine']}>
          <h2 className={css['title']}>
            <SafeText text={title} />
          </h2>
          {action}
        </div>
      </header>
      {facts !== undefined && facts.length > 0 && <KeyValueList stacked entries={facts} />}
      {children}
    </>
  );
}

/** Facts that are on their way. */
export function DetailSkeleton() {
  return (
    <div role="status" aria-label="Loading details" className={css['skeleton']}>
      <Skeleton width="90%" />
      <Skeleton width="60%" />
      <Skeleton width="40%" />
      <Skeleton width="75%" />
    </div>
  );
}
