import type { Offline } from '#shared/api/common.ts';
import { Banner } from './banner.tsx';
import { Button } from './button.tsx';
import { TimeAgo } from './time-ago.tsx';

export type OfflineNoteProps = {
  readonly offline: Offline | undefined;
  readonly onRetry?: (() => void) | undefined;
};

/** Of a registry that is there and does not answer: no reason to look at the network. */
const REFUSALS: ReadonlyMap<string, string> = new Map([
  ['rate-limited', 'limits how often you may ask'],
  ['busy', 'is too busy to answer'],
]);

/** Says that what is shown was kept from an earlier look, because the registry cannot be asked now. */
export function OfflineNote({ offline, onRetry }: OfflineNoteProps) {
  if (offline === undefined) return null;
  const refusal = REFUSALS.get(offline.reason);
  return (
    <Banner
      tone={refusal === undefined ? 'offline' : 'warning'}
      actions={
        onRetry !== undefined && (
          <Button size="sm" onClick={onRetry}>
            Try again
          </Button>
        )
      }
    >
      {refusal === undefined ? 'Offline: this' : 'This'} was seen <TimeAgo time={offline.seenAt} />. The registry{' '}
      {refusal ?? 'cannot be reached'}.
    </Banner>
  );
}
