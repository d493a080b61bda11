import type { HostInfo } from '#shared/api/host.ts';
import { useState } from 'react';
import { useHostInfo } from '../queries/host.ts';
import { Banner } from '../ui/banner.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { CloseIcon } from '../ui/icons.ts';
import { SafeText } from '../ui/safe-text.tsx';
import css from './window.module.css';

type Notice = HostInfo['notices'][number];

const TEXTS: Readonly<Record<Notice['kind'], string>> = {
  'database-reset':
    'Gantry could not read its list of registries, favourites and settings, and began anew. The old file is kept: ',
  'transfers-reset':
    'Gantry could not read its list of transfers, and began anew: what was not done has to be started again. The old file is kept: ',
  'transfers-not-kept':
    'Another Gantry uses this data folder. Transfers started here end when this one is closed. The folder: ',
  'local-registry-failed': 'The Local registry does not run; other registries work. The reason: ',
};

/** What went wrong at the start, in words, until it is dismissed. */
export function Notices() {
  const notices = useHostInfo().data?.notices ?? [];
  const [dismissed, setDismissed] = useState<ReadonlySet<Notice['kind']>>(new Set());
  const shown = notices.filter(({ kind }) => !dismissed.has(kind));
  if (shown.length === 0) return null;
  return (
    <section aria-label="Notices" className={css['notices']}>
      {shown.map(({ kind, detail }) => (
        <Banner
          key={kind}
          tone="warning"
          actions={
            <>
              <CopyButton text={detail} what={kind === 'local-registry-failed' ? 'reason' : 'path'} />
              <IconButton
                size="sm"
                label="Dismiss"
                icon={CloseIcon}
                onClick={() => {
                  setDismissed(new Set([...dismissed, kind]));
                }}
              />
            </>
          }
        >
          {TEXTS[kind]}
          <SafeText text={detail} />
        </Banner>
      ))}
    </section>
  );
}
