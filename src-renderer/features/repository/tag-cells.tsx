import type { AppError } from '#shared/api/app-error.ts';
import type { TagSummary } from '#shared/api/tags.ts';
import { shortDigest } from '#shared/oci/digest.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { errorText } from '../../lib/error-text.ts';
import { formatBytes, formatExactBytes } from '../../lib/format-bytes.ts';
import { formatExact, formatRelative, parseInstant } from '../../lib/format-time.ts';
import { kindName } from '../../lib/kind-name.ts';
import { shortPlatform } from '../../lib/platform-text.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useNow } from '../../ui/use-now.ts';
import css from './tag-grid.module.css';

const SHOWN_PLATFORMS = 2;

function Platforms({ platforms }: { readonly platforms: readonly string[] }) {
  const rest = platforms.length - SHOWN_PLATFORMS;
  return (
    <div role="gridcell" className={css['platforms']} title={platforms.map((each) => displayText(each)).join('\n')}>
      {platforms.slice(0, SHOWN_PLATFORMS).map((platform) => (
        <span key={platform} className={css['platform']}>
          <SafeText text={shortPlatform(platform)} />
        </span>
      ))}
      {rest > 0 && (
        <span className={css['rest']}>
          +{rest}
          <span className="visually-hidden">
            :{' '}
            {platforms
              .slice(SHOWN_PLATFORMS)
              .map(shortPlatform)
              .map((each) => displayText(each))
              .join(', ')}
          </span>
        </span>
      )}
      {platforms.length === 0 && <span className={css['none']}>–</span>}
    </div>
  );
}

function sizeHint({ sizeBytes, basisPlatform, platforms }: TagSummary): string | undefined {
  if (sizeBytes === undefined) return undefined;
  const exact = formatExactBytes(sizeBytes);
  if (basisPlatform === undefined) return `${exact}, compressed`;
  return `${exact}, compressed: ${displayText(basisPlatform)}, one of ${platforms.length}`;
}

/** The details of a row, once they are known. Size and date of an index are those of one platform, named on hover. */
export function SummaryCells({ summary }: { readonly summary: TagSummary }) {
  const now = useNow();
  const instant = parseInstant(summary.created);
  const { basisPlatform, sizeBytes } = summary;
  return (
    <>
      <Platforms platforms={summary.platforms} />
      <div role="gridcell" className={css['number']} title={sizeHint(summary)}>
        {sizeBytes === undefined ? <span className={css['none']}>–</span> : formatBytes(sizeBytes)}
        {basisPlatform !== undefined && <span className="visually-hidden"> for {displayText(basisPlatform)}</span>}
      </div>
      <div role="gridcell" className={css['muted']} title={instant === undefined ? undefined : formatExact(instant)}>
        {instant === undefined ? <span className={css['none']}>unknown</span> : formatRelative(instant, now)}
      </div>
      <div role="gridcell" className={css['digestCell']} title={summary.digest}>
        <code>{shortDigest(summary.digest)}</code>
      </div>
      <div role="gridcell" className={css['kindCell']} title={displayText(summary.artifactType ?? summary.mediaType)}>
        {kindName(summary.kind)}
      </div>
    </>
  );
}

/** Bars as wide as what will stand there. */
export function WaitingCells() {
  return (
    <>
      <div role="gridcell" aria-busy>
        <Skeleton width={104} />
      </div>
      <div role="gridcell" className={css['number']}>
        <Skeleton width={56} />
      </div>
      <div role="gridcell">
        <Skeleton width={60} />
      </div>
      <div role="gridcell" className={css['digestCell']}>
        <Skeleton width={88} />
      </div>
      <div role="gridcell" className={css['kindCell']}>
        <Skeleton width={44} />
      </div>
    </>
  );
}

/** What went wrong with this one tag; the others are not touched. */
export function ErrorCells({ error, onRetry }: { readonly error: AppError; readonly onRetry: () => void }) {
  const { title, detail } = errorText(error);
  return (
    <div role="gridcell" className={cx(css['errorCell'])}>
      <span className={css['errorText']} title={displayText(detail)}>
        <SafeText text={title} />
      </span>
      <Button size="sm" variant="ghost" tabIndex={-1} onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}
