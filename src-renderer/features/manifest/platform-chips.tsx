import type { IndexChild, IndexView } from '#shared/api/images.ts';
import { useRef } from 'react';
import { useNavigate } from 'react-router';
import { pointOf } from '../../lib/compare-place.ts';
import { platformChildren, type ImagePanelProps } from '../../lib/image-panel.ts';
import { imagePath } from '../../lib/paths.ts';
import type { ImageRef } from '../../queries/images.ts';
import { useChoices } from '../../state/choices.ts';
import { Chip } from '../../ui/chip.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Section } from '../../ui/section.tsx';
import css from './image-page.module.css';
import { useImageDrag } from './use-image-drag.ts';

type PlatformChipsProps = ImagePanelProps & {
  readonly chosen: { readonly index: IndexView; readonly child: IndexChild };
};

/** The platforms of the index; choosing one shows it. */
export function PlatformChips({ registryId, repository, reference, chosen }: PlatformChipsProps) {
  const navigate = useNavigate();
  const setPlatform = useChoices((state) => state.setPlatform);
  const children = platformChildren(chosen.index);
  return (
    <Section title="Platforms" aside={children.length}>
      <div className={css['chips']}>
        {children.map((child) => (
          <PlatformChip
            key={child.descriptor.digest}
            child={child}
            of={{ registryId, repository, reference }}
            isSelected={child === chosen.child}
            onClick={() => {
              setPlatform(child.platformText);
              void navigate(imagePath({ registryId, repository, reference, platform: child.descriptor.digest }));
            }}
          />
        ))}
      </div>
    </Section>
  );
}

type PlatformChipProps = {
  readonly child: IndexChild;
  readonly of: ImageRef;
  readonly isSelected: boolean;
  readonly onClick: () => void;
};

/** One of them: it can be dragged like an image, and images dropped on it. */
function PlatformChip({ child, of, isSelected, onClick }: PlatformChipProps) {
  const ref = useRef<HTMLButtonElement>(null);
  const isOver = useImageDrag(ref, {
    point: pointOf(of, child.platformText),
    source: { kind: 'image', ...of, reference: child.descriptor.digest },
  });
  return (
    <Chip ref={ref} selected={isSelected} isDropTarget={isOver} onClick={onClick}>
      <SafeText text={child.platformText ?? 'no platform'} />
    </Chip>
  );
}
