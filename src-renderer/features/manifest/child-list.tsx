import type { IndexView } from '#shared/api/images.ts';
import type { ImagePanelProps } from '../../lib/image-panel.ts';
import { imagePath } from '../../lib/paths.ts';
import { roleName } from '../../lib/role-name.ts';
import { DescriptorTable } from '../../ui/descriptor-table.tsx';
import { Section } from '../../ui/section.tsx';
import css from './image-page.module.css';

type ChildListProps = Pick<ImagePanelProps, 'registryId' | 'repository'> & {
  readonly index: IndexView;
  readonly title: string;
  /** Only what cannot be chosen as a platform: nested indexes, artifacts, loose attestations. */
  readonly withoutPlatforms?: boolean;
};

/** The manifests an index holds, each a way in. */
export function ChildList({ registryId, repository, index, title, withoutPlatforms = false }: ChildListProps) {
  const children = index.children.filter(({ role }) => !withoutPlatforms || role !== 'platform');
  if (children.length === 0 && withoutPlatforms) return null;
  return (
    <Section title={title} aside={children.length}>
      {children.length === 0 ? (
        <p className={css['muted']}>This index is empty: it lists no manifest.</p>
      ) : (
        <DescriptorTable
          label={title}
          rows={children.map(({ descriptor, role, platformText }) => ({
            descriptor,
            name: platformText ?? roleName(role),
            to: imagePath({ registryId, repository, reference: descriptor.digest }),
          }))}
        />
      )}
    </Section>
  );
}
