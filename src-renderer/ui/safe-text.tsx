import { displaySegments } from '#shared/oci/display-text.ts';
import css from './safe-text.module.css';

export type SafeTextProps = {
  /** Text from a registry, a config file or the like. */
  readonly text: string;
  /** Line feeds and tabs are kept, for a block that shows several lines. */
  readonly multiline?: boolean;
  /** However long: for a view whose reader asked for all of it. */
  readonly whole?: boolean;
};

/** Each hidden character is an element of its own, and a registry may send millions of them. */
const MAX_SHOWN = 4000;

function withOffsets(text: string, multiline: boolean) {
  let offset = 0;
  return displaySegments(text, { multiline }).map((segment) => {
    const start = offset;
    offset += segment.text.length;
    return { text: segment.text, escaped: segment.escaped, start };
  });
}

/**
 * Text someone else wrote. Control, bidi and other invisible characters are shown as styled escapes; the whole is
 * isolated, so right-to-left text cannot reorder what is around it, and cut after 4,000 characters. Use it for all
 * registry text.
 */
export function SafeText({ text, multiline = false, whole = false }: SafeTextProps) {
  const shown = whole ? text : text.slice(0, MAX_SHOWN);
  return (
    <bdi>
      {withOffsets(shown, multiline).map((segment) =>
        segment.escaped ? (
          <span key={segment.start} className={css['escape']}>
            {segment.text}
          </span>
        ) : (
          segment.text
        ),
      )}
      {shown.length < text.length && <span className={css['escape']}>… cut here</span>}
    </bdi>
  );
}
