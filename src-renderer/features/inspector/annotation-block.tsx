import type { ImageView } from '#shared/api/images.ts';
import type { Pairs as PairList } from '#shared/oci/descriptor.ts';
import { Pairs } from '../../ui/pairs.tsx';
import css from './inspector.module.css';

/** The labels and annotations of what is selected. */
export function AnnotationBlock({ view }: { readonly view: ImageView }) {
  return (
    <>
      <PairBlock title="Annotations" pairs={view.annotations} />
      {view.kind === 'image' && <PairBlock title="Labels" pairs={view.config.labels} />}
    </>
  );
}

/** Pairs under a title; nothing when there are none. */
export function PairBlock({ title, pairs }: { readonly title: string; readonly pairs: PairList }) {
  if (pairs.length === 0) return null;
  return (
    <section className={css['block']} aria-label={title}>
      <h3 className={css['blockTitle']}>{title}</h3>
      <Pairs stacked label={title} pairs={pairs} />
    </section>
  );
}
