import type { IndexChild, IndexView } from '#shared/api/images.ts';
import { useNavigate } from 'react-router';
import { platformChildren, type ImagePanelProps } from '../../lib/image-panel.ts';
import { imagePath } from '../../lib/paths.ts';
import { useChoices } from '../../state/choices.ts';
import { Chip } from '../../ui/chip.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Section } from '../../ui/section.tsx';
import css from './image-page.module.css';

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
          <Chip
            key={child.descriptor.digest}
            selected={child === chosen.child}
            onClick={() => {
              setPlatform(child.platformText);
              void navigate(imagePath({ registryId, repository, reference, platform: child.descriptor.digest }));
            }}
          >
            <SafeText text={child.platformText ?? 'no platform'} />
          </Chip>
        ))}
      </div>
    </Section>
  );
}
