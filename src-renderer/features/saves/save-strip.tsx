import { useSaves } from '../../state/saves.ts';
import { SaveLine } from './save-line.tsx';
import css from './saves.module.css';

/** Files on their way out of images, a line each, at the foot of the window: they go on when their page is left. */
export function SaveStrip() {
  const saves = useSaves((state) => state.saves);
  return (
    <section aria-label="Files being saved" className={css['strip']}>
      {saves.map((save) => (
        <SaveLine key={save.id} save={save} />
      ))}
    </section>
  );
}
