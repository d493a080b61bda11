import { useEffect, useState, type RefObject } from 'react';
import { isShortcut } from '../../lib/shortcuts.ts';

/** A find that is open, and which match is looked at. */
export function useFind(inputRef: RefObject<HTMLInputElement | null>, scrollRef: RefObject<HTMLElement | null>) {
  const [isOpen, setOpen] = useState(false);
  const [words, setWords] = useState('');
  const [at, setAt] = useState(0);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!isShortcut(event, 'find')) return;
      event.preventDefault();
      setOpen(true);
      inputRef.current?.select();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
    };
  }, [inputRef]);
  return {
    isOpen,
    words: isOpen ? words : '',
    at,
    open: () => {
      setOpen(true);
    },
    close: () => {
      setOpen(false);
      scrollRef.current?.focus();
    },
    search: (text: string) => {
      setWords(text);
      setAt(0);
    },
    setAt,
  };
}
