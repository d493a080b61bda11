import type { RateLimit, RegistryHealth } from '#shared/api/health.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { Link, useLocation } from 'react-router';
import { formatCount } from '../lib/format-bytes.ts';
import { clockText } from '../lib/log-text.ts';
import { outageText } from '../lib/outage-text.ts';
import { logPath, parsePath } from '../lib/paths.ts';
import { useHealth } from '../queries/health.ts';
import { useRegistry } from '../queries/registries.ts';
import { OfflineIcon, QuotaIcon, WaitingIcon } from '../ui/icons.ts';
import { SafeText } from '../ui/safe-text.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import css from './window.module.css';

/** Below this share of the quota it is said in the colour of a warning. */
const LOW_SHARE = 0.1;

function windowText(seconds: number): string {
  return seconds >= 3600 ? `${Number((seconds / 3600).toFixed(1))} h` : `${Math.round(seconds / 60)} min`;
}

function quotaHint({ limit, windowSeconds, source, seenAt }: RateLimit): string {
  const per = windowSeconds === undefined ? '' : ` in ${windowText(windowSeconds)}`;
  const whom = source === undefined ? '' : `, counted for ${displayText(source)}`;
  return `${formatCount(limit)} pulls${per}${whom}. As the registry said at ${clockText(seenAt).slice(0, 8)}.`;
}

function Quota({ rateLimit }: { readonly rateLimit: RateLimit }) {
  const isLow = rateLimit.remaining <= rateLimit.limit * LOW_SHARE;
  return (
    <Tooltip side="top" content={quotaHint(rateLimit)}>
      <button type="button" className={css[isLow ? 'statusNote' : 'statusFact']}>
        <QuotaIcon size={12} aria-hidden />
        {formatCount(rateLimit.remaining)} of {formatCount(rateLimit.limit)} pulls left
      </button>
    </Tooltip>
  );
}

function Waiting({ health }: { readonly health: RegistryHealth }) {
  const { waitingUntil, waitingReason } = health;
  if (waitingUntil === undefined) return null;
  return (
    <Tooltip side="top" content={<SafeText text={waitingReason ?? 'The registry asked for a pause.'} />}>
      <button type="button" className={css['statusNote']}>
        <WaitingIcon size={12} aria-hidden />
        Waiting until {clockText(waitingUntil).slice(0, 8)}
      </button>
    </Tooltip>
  );
}

/** What is known of the registry one is looking at: offline, waiting, how much of its quota is left. */
export function RegistryHealthStatus() {
  const place = parsePath(useLocation().pathname);
  const registryId = 'registryId' in place ? place.registryId : undefined;
  const registry = useRegistry(registryId ?? '').data;
  const health = useHealth(registryId).data;
  if (health === undefined || registry === undefined) return null;
  return (
    <span className={css['health']} role="status">
      {health.state === 'offline' && (
        <Link to={logPath(registry.host)} className={css['statusNote']}>
          <OfflineIcon size={12} aria-hidden />
          <span>
            <SafeText text={registry.label} /> {outageText(health.reason)} <TimeAgo time={health.since} />
          </span>
        </Link>
      )}
      <Waiting health={health} />
      {health.rateLimit !== undefined && <Quota rateLimit={health.rateLimit} />}
    </span>
  );
}
