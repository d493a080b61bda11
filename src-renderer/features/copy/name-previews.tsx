import type { DestinationCheck } from '../../lib/copy-form.ts';
import { formatCount } from '../../lib/format-bytes.ts';
import type { NamePreview } from '../../lib/name-pattern.ts';
import { Banner } from '../../ui/banner.tsx';
import { cx } from '../../ui/cx.ts';
import { ForwardIcon } from '../../ui/icons.ts';
import { ReferenceText } from '../../ui/reference-text.tsx';
import css from './copy.module.css';

export type NamePreviewsProps = {
  /** Names of the sources, in the order of the previews. Registry text. */
  readonly names: readonly string[];
  readonly host: string;
  readonly check: DestinationCheck;
};

const SHOWN = 3;

function previewText(host: string, { repository, tag }: NamePreview): string {
  return `${host}/${repository}${tag === '' ? ' (by digest)' : `:${tag}`}`;
}

/** The first names as they will be, those with something wrong before the others. */
function firstOf(previews: readonly NamePreview[]): readonly number[] {
  const indexes = [...previews.keys()];
  const isWrong = (index: number) => previews[index]?.problem !== undefined;
  return [...indexes.filter(isWrong), ...indexes.filter((index) => !isWrong(index))].slice(0, SHOWN);
}

/** What the patterns make of the sources, while they are typed. */
export function NamePreviews({ names, host, check }: NamePreviewsProps) {
  const { previews, clashCount } = check;
  const rest = names.length - SHOWN;
  return (
    <section aria-label="Resulting names" className={css['previews']}>
      <ul>
        {firstOf(previews).map((index) => {
          const preview = previews[index];
          return preview === undefined ? null : (
            <li key={index} className={css['preview']}>
              <span className={css['previewFrom']}>
                <ReferenceText text={names[index] ?? ''} />
              </span>
              <ForwardIcon size={12} aria-label="becomes" />
              <span className={cx(css['previewTo'], preview.problem !== undefined && css['wrong'])}>
                <ReferenceText text={previewText(host, preview)} />
              </span>
            </li>
          );
        })}
        {rest > 0 && <li className={css['muted']}>and {formatCount(rest)} more</li>}
      </ul>
      {clashCount > 0 && (
        <Banner tone="warning">
          {formatCount(clashCount)} of these would end at a name that another one has. Use {'{name}'}, {'{repository}'}{' '}
          or {'{tag}'} to keep them apart.
        </Banner>
      )}
    </section>
  );
}
