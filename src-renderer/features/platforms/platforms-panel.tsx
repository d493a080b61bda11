import type { IndexView } from '#shared/api/images.ts';
import { platformChildren, type ImagePanelProps } from '../../lib/image-panel.ts';
import { configMatrix, sharedLayers } from '../../lib/platform-matrix.ts';
import { imagePath } from '../../lib/paths.ts';
import { roleName } from '../../lib/role-name.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { useImages } from '../../queries/images.ts';
import { DescriptorTable } from '../../ui/descriptor-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { IndexIcon } from '../../ui/icons.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { Section } from '../../ui/section.tsx';
import { ConfigDifferences } from './config-differences.tsx';
import type { PlatformColumn } from './platform-column.ts';
import { PlatformTable } from './platform-table.tsx';
import css from './platforms.module.css';
import { SharedLayers } from './shared-layers.tsx';

/** The platforms of an index side by side. */
export function PlatformsPanel(props: ImagePanelProps) {
  const { root } = props;
  if (root.kind !== 'index') return <OnePlatform {...props} />;
  return <Matrix {...props} index={root} />;
}

function OnePlatform({ shown }: ImagePanelProps) {
  return (
    <EmptyState icon={IndexIcon} title="Nothing to compare">
      {shown.kind === 'image' ? (
        <>
          This is a single image, for <SafeText text={shown.platformText} />. Only an index holds several platforms.
        </>
      ) : (
        'This is not an index of images.'
      )}
    </EmptyState>
  );
}

function usePlatformColumns({ registryId, repository }: ImagePanelProps, index: IndexView): readonly PlatformColumn[] {
  const children = platformChildren(index);
  const images = useImages(
    { registryId, repository },
    children.map(({ descriptor }) => descriptor.digest),
  );
  return children.map((child, column) => {
    const query = images[column];
    return {
      child,
      image: query?.data?.kind === 'image' ? query.data : undefined,
      error: query?.error === null || query?.error === undefined ? undefined : appErrorOf(query.error),
      retry: () => void query?.refetch(),
    };
  });
}

function Matrix(props: ImagePanelProps & { readonly index: IndexView }) {
  const { index, registryId, repository } = props;
  const columns = usePlatformColumns(props, index);
  const known = columns.flatMap(({ child, image }) => (image === undefined ? [] : [{ child, image }]));
  const shared = sharedLayers(known.map(({ image }) => image));
  const rows = configMatrix(known.map(({ image }) => image.config));
  const names = known.map(({ child }) => child.platformText ?? 'no platform');
  const others = index.children.filter(({ role }) => role !== 'platform');
  return (
    <div className={css['scroll']}>
      <div className={css['content']}>
        {columns.length === 0 ? (
          <EmptyState icon={IndexIcon} title="No platforms">
            {index.children.length === 0
              ? 'This index lists no manifests.'
              : 'No manifest that this index lists is an image for a platform.'}
          </EmptyState>
        ) : (
          <PlatformTable {...props} columns={columns} shared={shared} />
        )}
        {known.length > 1 && <ConfigDifferences names={names} rows={rows} partial={known.length < columns.length} />}
        {shared.length > 0 && <SharedLayers layers={shared} names={names} />}
        {others.length > 0 && (
          <Section title="Other manifests" aside={others.length}>
            <DescriptorTable
              label="Other manifests"
              rows={others.map(({ descriptor, role }) => ({
                descriptor,
                name: roleName(role),
                to: imagePath({ registryId, repository, reference: descriptor.digest }),
              }))}
            />
          </Section>
        )}
      </div>
    </div>
  );
}
