import type { SingleImageView } from '#shared/api/images.ts';
import { waitProgress } from '../../../lib/layer-reading.ts';
import { useFileStat, useOpenProgress, type InView } from '../../../queries/files.ts';
import { appErrorOf } from '../../../queries/app-error.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { FileIcon } from '../../../ui/icons.ts';
import { Waiting } from '../../../ui/waiting.tsx';
import type { Saving } from '../use-save.ts';
import { Content } from './content.tsx';
import { Facts, type FileStat } from './facts.tsx';
import css from './preview.module.css';
import { Versions } from './versions.tsx';

export type PreviewProps = {
  readonly inView: InView;
  readonly path: string | undefined;
  readonly image: SingleImageView;
  readonly saving: Saving;
  readonly onSelect: (path: string) => void;
};

const WITH_CONTENT: ReadonlySet<string> = new Set(['file', 'hardlink', 'symlink']);

function canBeRead({ row, resolvedPath }: FileStat): boolean {
  return (
    WITH_CONTENT.has(row.type) && row.state === 'present' && (row.type !== 'symlink' || resolvedPath !== undefined)
  );
}

/** What is selected: what it is, which layer it is from, and its content. */
export function Preview({ inView, path, image, saving, onSelect }: PreviewProps) {
  const stat = useFileStat(inView, path);
  const progress = useOpenProgress(inView.target);
  if (path === undefined) {
    return (
      <EmptyState icon={FileIcon} title="Nothing selected">
        Choose a file to see where it comes from and what is in it.
      </EmptyState>
    );
  }
  if (stat.error !== null) {
    return <ErrorState error={appErrorOf(stat.error)} actions={{ retry: () => void stat.refetch() }} />;
  }
  if (stat.data === undefined) {
    return (
      <Waiting
        title="Looking up the file"
        progress={waitProgress(progress)}
        widths={[40, 64, 52, 58, 44]}
        isStopped={stat.isStopped}
        onStop={stat.stop}
        onAgain={() => void stat.refetch()}
      />
    );
  }
  const { row, versions } = stat.data;
  const hasContent = canBeRead(stat.data);
  return (
    <div className={css['preview']}>
      <Facts stat={stat.data} image={image} saving={saving} onSelect={onSelect} />
      {versions.length > 1 && <Versions versions={versions} />}
      {hasContent && row.sizeBytes > 0 && <Content inView={inView} path={path} />}
      {hasContent && row.type === 'file' && row.sizeBytes === 0 && <p className={css['summary']}>The file is empty.</p>}
    </div>
  );
}
