import type { Offline } from '#shared/api/common.ts';
import { Banner } from './banner.tsx';
import { Button } from './button.tsx';
import { TimeAgo } from './time-ago.tsx';

export type OfflineNoteProps = {
  readonly offline: Offline | undefined;
  readonly onRetry?: (() => void) | undefined;
};

/** Says that what is shown was kept from an earlier look, because the registry cannot be asked now. */
export function OfflineNote({ offline, onRetry }: OfflineNoteProps) {
  if (offline === undefined) return null;
  const why = offline.reason === 'rate-limited' ? 'limits how often you may ask' : 'cannot be reached';
  return (
    <Banner
      tone="offline"
      actions={
        onRetry !== undefined && (
          <Button size="sm" onClick={onRetry}>
            Try again
          </Button>
        )
      }
    >
      Offline: this was seen <TimeAgo time={offline.seenAt} />. The registry {why}.
    </Banner>
  );
}
