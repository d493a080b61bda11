import type { ImageView, IndexChild, IndexView } from '#shared/api/images.ts';
import type { ReactNode } from 'react';
import { writeFilesPlace, type FilesPlace } from './files-view.ts';
import { imagePath, type ImageTab } from './paths.ts';

/** What a tab of the image page is given. The page has loaded it; the tab only shows it. */
export type ImagePanelProps = {
  readonly registryId: string;
  readonly repository: string;
  /** The tag or digest in the address. */
  readonly reference: string;
  /** What the reference points to. */
  readonly root: ImageView;
  /** What is shown: the chosen platform of an index, or the root itself. */
  readonly shown: ImageView;
  /** The index and the child of it that is shown. */
  readonly chosen?: { readonly index: IndexView; readonly child: IndexChild } | undefined;
};

export type ImagePanels = Readonly<Record<ImageTab, (props: ImagePanelProps) => ReactNode>>;

/** The address of a place among the files of the image that a panel shows. */
export function filesPath({ registryId, repository, reference, chosen }: ImagePanelProps, place: FilesPlace): string {
  const image = { registryId, repository, reference, tab: 'files', platform: chosen?.child.descriptor.digest } as const;
  const [path = '', query = ''] = imagePath(image).split('?');
  return `${path}?${writeFilesPlace(new URLSearchParams(query), place).toString()}`;
}

/** The children a person can choose as a platform. */
export function platformChildren(index: IndexView): readonly IndexChild[] {
  return index.children.filter(({ role }) => role === 'platform');
}

/** The one that is asked for, else the platform looked at last, else the engine's choice, else the first. */
export function chooseChild(
  index: IndexView,
  asked: string | undefined,
  remembered: string | undefined,
): IndexChild | undefined {
  const children = platformChildren(index);
  return (
    children.find(({ descriptor }) => descriptor.digest === asked) ??
    children.find(({ platformText }) => platformText !== undefined && platformText === remembered) ??
    children.find(({ descriptor }) => descriptor.digest === index.defaultChild) ??
    children[0]
  );
}
