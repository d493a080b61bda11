import { SafeText } from './safe-text.tsx';
import css from './words.module.css';

export type WordsProps = { readonly words: readonly string[] };

/** A list of exact words, such as a command and its arguments: each one by itself, so that spaces inside can be told. */
export function Words({ words }: WordsProps) {
  const keyed = words.map((word, index) => ({ word, key: `${index} ${word}` }));
  return (
    <span className={css['words']}>
      {keyed.map(({ word, key }) => (
        <code key={key} className={css['word']}>
          {word === '' ? '""' : <SafeText text={word} />}
        </code>
      ))}
    </span>
  );
}
