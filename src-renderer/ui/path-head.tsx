import { SafeText } from './safe-text.tsx';

export type PathHeadProps = {
  readonly word: string;
  /** What all cells below begin with, and leave out. Registry text. */
  readonly path: string;
};

/** The head of a column of references: what is the same in all rows stands here, once. */
export function PathHead({ word, path }: PathHeadProps) {
  return (
    <>
      {word} {path !== '' && <SafeText text={path} />}
    </>
  );
}
