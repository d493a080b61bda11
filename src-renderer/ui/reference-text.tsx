import { displayText } from '#shared/oci/display-text.ts';
import { splitReference } from '../lib/split-reference.ts';
import css from './reference-text.module.css';
import { SafeText } from './safe-text.tsx';

export type ReferenceTextProps = {
  /** As a registry or an archive has it. */
  readonly text: string;
  /** Its beginning that is said elsewhere, and left out here. */
  readonly without?: string;
};

/** A reference in one line. Where there is no room its name is cut, and the tag that tells it from others stays. */
export function ReferenceText({ text, without = '' }: ReferenceTextProps) {
  const { name, end } = splitReference(text.slice(without.length));
  return (
    <span className={css['reference']} title={displayText(text)}>
      <span className={css['name']}>
        <SafeText text={name} />
      </span>
      {end !== '' && (
        <span className={css['end']}>
          <SafeText text={end} />
        </span>
      )}
    </span>
  );
}
