import type { LayerOverview } from '#shared/api/layers.ts';
import { formatBytes } from '../../lib/format-bytes.ts';
import { Button } from '../../ui/button.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';
import css from './layers.module.css';

export type WasteSummaryProps = {
  readonly overview: {
    readonly layers: readonly LayerOverview[];
    readonly shippedBytes: number;
    readonly wastedBytes: number;
    readonly wastedCompressedEstimateBytes: number;
    readonly efficiency: number;
  };
  readonly isOpen: boolean;
  readonly onToggle: () => void;
};

/** `99.9 %`: never rounded up to a whole that it is not. */
function percent(share: number): string {
  return `${(Math.floor(share * 1000) / 10).toFixed(share === 1 ? 0 : 1)} %`;
}

/** In its place while it is counted. */
export function WastePending() {
  return (
    <div className={css['waste']} aria-busy role="status" aria-label="Counting what later layers hide">
      <Skeleton width={72} />
      <Skeleton width="48%" />
    </div>
  );
}

/** How much of what is shipped the image still shows. */
export function WasteSummary({ overview, isOpen, onToggle }: WasteSummaryProps) {
  const { shippedBytes, wastedBytes, wastedCompressedEstimateBytes, efficiency } = overview;
  return (
    <div className={css['waste']}>
      <Tooltip content="Bytes of file contents that the finished image still shows, by all that its layers ship. Uncompressed and exact; hard links count once.">
        <span className={css['efficiency']}>{percent(efficiency)} used</span>
      </Tooltip>
      <span className={css['wasteText']}>
        {wastedBytes === 0
          ? `All ${formatBytes(shippedBytes)} that the layers ship are in the image.`
          : `${formatBytes(wastedBytes)} of ${formatBytes(shippedBytes)} are hidden by later layers: about ${formatBytes(wastedCompressedEstimateBytes)} in the registry (estimated).`}
      </span>
      {wastedBytes > 0 && (
        <Button size="sm" aria-expanded={isOpen} onClick={onToggle}>
          {isOpen ? 'Hide files' : 'Show files'}
        </Button>
      )}
    </div>
  );
}
