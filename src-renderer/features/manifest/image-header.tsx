import type { ImageView, IndexChild, IndexView } from '#shared/api/images.ts';
import { shortDigest } from '#shared/oci/digest.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { useNavigate } from 'react-router';
import { platformChildren } from '../../lib/image-panel.ts';
import { comparePath, pointOf } from '../../lib/compare-place.ts';
import { kindName } from '../../lib/kind-name.ts';
import type { ImageRef } from '../../queries/images.ts';
import { withKnown } from '../../queries/known-image.ts';
import { copyTo, saveToFile } from '../../state/transfer-commands.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Digest } from '../../ui/digest.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import {
  ArtifactIcon,
  CopyToIcon,
  DownloadIcon,
  CompareIcon,
  ImageIcon,
  IndexIcon,
  RefreshIcon,
  UnknownIcon,
  type Icon,
} from '../../ui/icons.ts';
import { Select } from '../../ui/select.tsx';
import css from './image-page.module.css';
import { ImageTitle } from './image-title.tsx';

export type ImageHeaderProps = ImageRef & {
  readonly view: ImageView | undefined;
  readonly chosen: { readonly index: IndexView; readonly child: IndexChild } | undefined;
  readonly onChoose: (child: IndexChild) => void;
  readonly onRefresh: () => void;
  readonly isFetching: boolean;
};

const ICONS: Readonly<Record<ImageView['kind'], Icon>> = {
  index: IndexIcon,
  image: ImageIcon,
  artifact: ArtifactIcon,
  schema1: ImageIcon,
  unknown: UnknownIcon,
};

/** What is open, its digest and kind, and which platform of it is looked at. */
export function ImageHeader(props: ImageHeaderProps) {
  const { registryId, repository, reference, view, chosen, onChoose, onRefresh, isFetching } = props;
  const HeaderIcon = ICONS[view?.kind ?? 'image'];
  return (
    <header className={css['header']}>
      <HeaderIcon size={16} aria-hidden className={css['headerIcon']} />
      <ImageTitle
        registryId={registryId}
        repository={repository}
        reference={reference}
        platform={chosen?.child.platformText}
      />
      {view !== undefined && (
        <>
          <Badge>{kindName(view.kind)}</Badge>
          <span className={css['headerDigest']}>
            <Digest digest={view.digest} />
          </span>
        </>
      )}
      <span className={css['spring']} />
      {chosen !== undefined && <PlatformSelect {...chosen} onChoose={onChoose} />}
      <Actions of={{ registryId, repository, reference }} platform={chosen?.child.platformText} />
      <IconButton
        label={isFetching ? 'Refreshing…' : 'Look again'}
        icon={RefreshIcon}
        aria-busy={isFetching}
        onClick={onRefresh}
      />
    </header>
  );
}

type ActionsProps = { readonly of: ImageRef; readonly platform: string | undefined };

/** What can be done with it as a whole. */
function Actions({ of: { registryId, repository, reference }, platform }: ActionsProps) {
  const navigate = useNavigate();
  const ref = { registryId, repository, reference };
  return (
    <>
      <Button
        size="sm"
        icon={CopyToIcon}
        onClick={() => {
          copyTo([withKnown({ kind: 'image', ...ref })]);
        }}
      >
        Copy to…
      </Button>
      <IconButton
        label="Save to a file…"
        icon={DownloadIcon}
        onClick={() => {
          saveToFile([withKnown({ kind: 'image', ...ref })]);
        }}
      />
      <IconButton
        label="Compare with…"
        icon={CompareIcon}
        onClick={() => {
          void navigate(comparePath({ left: pointOf(ref, platform) }));
        }}
      />
    </>
  );
}

type PlatformSelectProps = {
  readonly index: IndexView;
  readonly child: IndexChild;
  readonly onChoose: (child: IndexChild) => void;
};

/** Two children may state one platform; then their digests tell them apart. */
function optionLabel(child: IndexChild, all: readonly IndexChild[]): string {
  const text = displayText(child.platformText ?? 'no platform');
  const isAlone = all.filter(({ platformText }) => platformText === child.platformText).length === 1;
  return isAlone ? text : `${text} (${shortDigest(child.descriptor.digest, 7)})`;
}

function PlatformSelect({ index, child, onChoose }: PlatformSelectProps) {
  const children = platformChildren(index);
  return (
    <Select
      label="Platform"
      className={css['platformSelect']}
      value={child.descriptor.digest}
      options={children.map((each) => ({ value: each.descriptor.digest, label: optionLabel(each, children) }))}
      onChange={(digest) => {
        const next = children.find(({ descriptor }) => descriptor.digest === digest);
        if (next !== undefined) onChoose(next);
      }}
    />
  );
}
