import type { ImageView } from '#shared/api/images.ts';
import { shortDigest } from '#shared/oci/digest.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { useRef, useState } from 'react';
import { Link } from 'react-router';
import { platformChildren } from '../../lib/image-panel.ts';
import { pointText, type ComparePoint } from '../../lib/compare-place.ts';
import { imagePath } from '../../lib/paths.ts';
import { useImage } from '../../queries/images.ts';
import { useRegistries } from '../../queries/registries.ts';
import { Button } from '../../ui/button.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Select } from '../../ui/select.tsx';
import css from './compare.module.css';
import { SidePicker } from './side-picker.tsx';
import { useSideDrop } from './use-side-drop.ts';

export type SideCardProps = {
  readonly side: 'left' | 'right';
  readonly point: ComparePoint | undefined;
  /** The other side, whose repository is the likeliest place to look. */
  readonly other: ComparePoint | undefined;
  readonly onChoose: (point: ComparePoint) => void;
};

/** What stands on one side, and how to put something else there. */
export function SideCard({ side, point, other, onChoose }: SideCardProps) {
  const [isPicking, setPicking] = useState(false);
  const ref = useRef<HTMLDivElement>(null);
  const drop = useSideDrop(ref, side, (dropped) => {
    setPicking(false);
    onChoose(dropped);
  });
  return (
    <div
      ref={ref}
      role="group"
      aria-label={side === 'left' ? 'Left side' : 'Right side'}
      data-drop={drop}
      className={css['side']}
    >
      {point === undefined || isPicking ? (
        <SidePicker
          side={side}
          near={point ?? other}
          onChoose={(chosen) => {
            setPicking(false);
            onChoose(chosen);
          }}
          onCancel={
            point === undefined
              ? undefined
              : () => {
                  setPicking(false);
                }
          }
        />
      ) : (
        <Chosen
          point={point}
          onChoose={onChoose}
          onChange={() => {
            setPicking(true);
          }}
        />
      )}
    </div>
  );
}

type ChosenProps = {
  readonly point: ComparePoint;
  readonly onChoose: (point: ComparePoint) => void;
  readonly onChange: () => void;
};

/** Platforms that can be chosen, and the one that is; none for a single image. */
function platformsOf(root: ImageView | undefined, asked: string | undefined) {
  if (root?.kind !== 'index') return { platforms: [], shown: '' };
  const platforms = [...new Set(platformChildren(root).flatMap(({ platformText }) => platformText ?? []))];
  const byDefault = root.children.find(({ descriptor }) => descriptor.digest === root.defaultChild)?.platformText;
  return { platforms, shown: asked ?? byDefault ?? platforms[0] ?? '' };
}

function Chosen({ point, onChoose, onChange }: ChosenProps) {
  const registries = useRegistries().data;
  const root = useImage(point).data;
  const label = registries?.find(({ id }) => id === point.registryId)?.label ?? point.registryId;
  const { platforms, shown } = platformsOf(root, point.platform);
  return (
    <>
      <span className={css['registry']}>
        <SafeText text={label} />
      </span>
      <Link to={imagePath(point)} className={css['reference']} title={displayText(pointText(point))}>
        <SafeText text={pointText(point)} />
      </Link>
      <span className={css['sideFoot']}>
        {platforms.length > 1 && (
          <Select
            label="Platform"
            className={css['platform']}
            value={shown}
            options={platforms.map((platform) => ({ value: platform, label: displayText(platform) }))}
            onChange={(platform) => {
              onChoose({ ...point, platform });
            }}
          />
        )}
        {root !== undefined && (
          <code className={css['sideDigest']} title={root.digest}>
            {shortDigest(root.digest)}
          </code>
        )}
        <Button size="sm" onClick={onChange}>
          Change
        </Button>
      </span>
    </>
  );
}
