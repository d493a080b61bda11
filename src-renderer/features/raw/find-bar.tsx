import { useEffect, type RefObject } from 'react';
import { keysOf } from '../../lib/shortcuts.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { CloseIcon, FindNextIcon, FindPreviousIcon, SearchIcon } from '../../ui/icons.ts';
import css from './raw.module.css';
import { isShortcut } from '../../lib/shortcuts.ts';

export type FindBarProps = {
  readonly inputRef: RefObject<HTMLInputElement | null>;
  readonly find: {
    readonly isOpen: boolean;
    readonly words: string;
    readonly open: () => void;
    readonly close: () => void;
    readonly search: (text: string) => void;
    readonly setAt: (at: number) => void;
  };
  readonly at: number;
  readonly count: number;
};

/** Find in the document. Enter goes on, Shift+Enter back, Escape closes. */
export function FindBar({ inputRef, find, at, count }: FindBarProps) {
  const { isOpen } = find;
  useEffect(() => {
    if (isOpen) inputRef.current?.focus();
  }, [isOpen, inputRef]);
  if (!isOpen) return <IconButton label="Find" keys={keysOf('find')} icon={SearchIcon} onClick={find.open} />;
  return (
    <search className={css['find']}>
      <input
        ref={inputRef}
        type="text"
        aria-label="Find in this document"
        placeholder="Find"
        spellCheck={false}
        autoComplete="off"
        value={find.words}
        className={css['findInput']}
        onChange={(event) => {
          find.search(event.target.value);
        }}
        onKeyDown={(event) => {
          if (isShortcut(event, 'find-next')) find.setAt(at + 1);
          else if (isShortcut(event, 'find-previous')) find.setAt(at - 1);
          else if (isShortcut(event, 'leave-find')) find.close();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <span role="status" className={css['findCount']}>
        {find.words === '' ? '' : count === 0 ? 'none' : `${at + 1} of ${count}`}
      </span>
      <IconButton
        size="sm"
        label="Previous match"
        icon={FindPreviousIcon}
        onClick={() => {
          find.setAt(at - 1);
        }}
      />
      <IconButton
        size="sm"
        label="Next match"
        icon={FindNextIcon}
        onClick={() => {
          find.setAt(at + 1);
        }}
      />
      <IconButton size="sm" label="Close find" icon={CloseIcon} onClick={find.close} />
    </search>
  );
}
