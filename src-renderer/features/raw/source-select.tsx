import { Select } from '../../ui/select.tsx';
import type { RawViewerPlace } from './raw-place.ts';
import css from './raw.module.css';

/** Which document is shown; nothing where there is one. */
export function SourceSelect({ place: { source, sources, onSource } }: { readonly place: RawViewerPlace }) {
  if (sources.length < 2) return null;
  return <Select label="Document" value={source.id} options={sources} onChange={onSource} className={css['source']} />;
}
