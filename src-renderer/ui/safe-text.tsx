import { displaySegments } from '#shared/oci/display-text.ts';
import css from './safe-text.module.css';

export type SafeTextProps = {
  /** Text from a registry, a config file or the like. */
  readonly text: string;
  /** Line feeds and tabs are kept, for a block that shows several lines. */
  readonly multiline?: boolean;
};

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
 * isolated, so right-to-left text cannot reorder what is around it. Use it for all registry text.
 */
export function SafeText({ text, multiline = false }: SafeTextProps) {
  return (
    <bdi>
      {withOffsets(text, multiline).map((segment) =>
        segment.escaped ? (
          <span key={segment.start} className={css['escape']}>
            {segment.text}
          </span>
        ) : (
          segment.text
        ),
      )}
    </bdi>
  );
}
