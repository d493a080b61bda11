import { useSearchParams } from 'react-router';
import { readFilesPlace, writeFilesPlace, type FilesPlace } from '../../lib/files-view.ts';

/** Where in the files one is: it stands in the address, so that Back, a link and a reload lead there again. */
export function useFilesPlace(layerCount: number) {
  const [query, setQuery] = useSearchParams();
  const place = readFilesPlace(query, layerCount);
  const go = (change: Partial<FilesPlace>) => {
    // Another selection is no step to go back to; another view is.
    const replace = Object.keys(change).every((key) => key === 'path');
    // Drawn before the next click or key: what comes with that starts from this.
    const how = { replace, flushSync: true };
    setQuery((before) => writeFilesPlace(before, { ...readFilesPlace(before, layerCount), ...change }), how);
  };
  return { place, go };
}
