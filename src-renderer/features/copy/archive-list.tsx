import { displayText } from '#shared/oci/display-text.ts';
import { assertNever } from '../../lib/assert-never.ts';
import { archiveImageName, formatName, type ArchiveChoice } from '../../lib/archive-text.ts';
import { formatBytes, formatCount } from '../../lib/format-bytes.ts';
import { kindName } from '../../lib/kind-name.ts';
import { bytesOf } from '../../lib/transfer-text.ts';
import type { OpenArchive } from '../../queries/use-open-archives.ts';
import { Banner } from '../../ui/banner.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { ArchiveIcon, CloseIcon } from '../../ui/icons.ts';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import css from './push.module.css';
import type { Push } from './use-push-form.ts';

export type ArchiveListProps = { readonly push: Push };

/** What was chosen so far, and the images in it, each to take or leave. */
export function ArchiveList({ push }: ArchiveListProps) {
  const { archives } = push;
  if (archives.list.length === 0) return null;
  return (
    <ul aria-label="Archives" className={css['archives']}>
      {archives.list.map((opened) => (
        <li key={opened.key} className={css['archive']}>
          <div className={css['archiveHead']}>
            <ArchiveIcon size={15} aria-hidden />
            <span className={css['archiveName']}>
              <SafeText text={opened.name} />
            </span>
            <State opened={opened} />
            <IconButton
              size="sm"
              label={`Remove ${displayText(opened.name)}`}
              icon={CloseIcon}
              onClick={() => {
                archives.remove(opened.key);
              }}
            />
          </div>
          {opened.state === 'failed' && <ErrorState compact error={opened.error} />}
          {opened.state === 'open' && <Images push={push} archiveId={opened.archive.archiveId} />}
          {opened.state === 'open' &&
            opened.archive.warnings.map(({ text }) => (
              <Banner key={text} tone="warning">
                <SafeText text={text} />
              </Banner>
            ))}
        </li>
      ))}
    </ul>
  );
}

function State({ opened }: { readonly opened: OpenArchive }) {
  switch (opened.state) {
    case 'uploading': {
      const text = bytesOf(opened.sentBytes, opened.totalBytes);
      const share = opened.totalBytes === 0 ? undefined : opened.sentBytes / opened.totalBytes;
      return (
        <span className={css['upload']}>
          <span>Handing over {text}</span>
          <ProgressBar label={`Handing over ${displayText(opened.name)}`} share={share} text={text} />
        </span>
      );
    }
    case 'reading':
      return (
        <span className={css['facts']} role="status">
          <Spinner size={14} /> Reading…
        </span>
      );
    case 'open': {
      const { format, images, sizeBytes } = opened.archive;
      const count = `${formatCount(images.length)} ${images.length === 1 ? 'image' : 'images'}`;
      return (
        <span className={css['facts']}>
          {formatName(format)}, {count}, {formatBytes(sizeBytes)}
        </span>
      );
    }
    case 'failed':
      return null;
    default:
      return assertNever(opened);
  }
}

function Images({ push, archiveId }: { readonly push: Push; readonly archiveId: string }) {
  const choices = push.choices.filter(({ archive }) => archive.archiveId === archiveId);
  if (choices.length === 0) return <p className={css['facts']}>There is no image in it.</p>;
  return (
    <ul aria-label="Images" className={css['images']}>
      {choices.map((choice) => (
        <li key={choice.key}>
          <ImageChoice
            choice={choice}
            isChosen={!push.leftOut.has(choice.key)}
            onToggle={() => {
              push.toggle(choice.key);
            }}
          />
        </li>
      ))}
    </ul>
  );
}

type ImageChoiceProps = {
  readonly choice: ArchiveChoice;
  readonly isChosen: boolean;
  readonly onToggle: () => void;
};

function ImageChoice({ choice: { image }, isChosen, onToggle }: ImageChoiceProps) {
  const others = image.names.length - 1;
  const facts = [
    kindName(image.kind),
    image.platforms.length > 0 && image.platforms.map((platform) => displayText(platform)).join(', '),
    formatBytes(image.sizeBytes),
  ].filter((fact) => fact !== false);
  return (
    <label className={css['image']}>
      <input type="checkbox" checked={isChosen} onChange={onToggle} />
      <span className={css['imageName']}>
        <SafeText text={archiveImageName(image)} />
        {others > 0 && <span className={css['facts']}> and {formatCount(others)} more names</span>}
        {image.names.length === 0 && <span className={css['facts']}> has no name</span>}
      </span>
      <span className={css['facts']}>{facts.join(', ')}</span>
    </label>
  );
}
