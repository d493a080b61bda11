import { shortDigest } from '#shared/oci/digest.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { useState } from 'react';
import type { ImagePanelProps } from '../../lib/image-panel.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { ReferrerGroup } from './referrer-group.tsx';
import { ReferrersGraph } from './referrers-graph.tsx';
import css from './referrers.module.css';

const SUBJECTS = {
  index: 'the index',
  image: 'this image',
  artifact: 'this artifact',
  schema1: 'this manifest',
  unknown: 'this manifest',
} as const;

const FORMS = [
  { value: 'list', label: 'List' },
  { value: 'graph', label: 'Graph' },
] as const;

/** What others have attached to this: to the index as a whole, and to the platform that is looked at. */
export function ReferrersPanel(props: ImagePanelProps) {
  const [form, setForm] = useState<(typeof FORMS)[number]['value']>('list');
  return (
    <div className={css['scroll']}>
      <div className={css['content']}>
        <div className={css['form']}>
          <Segmented label="Show as" value={form} options={FORMS} onChange={setForm} />
        </div>
        {form === 'graph' ? <ReferrersGraph key={props.root.digest} {...props} /> : <Lists {...props} />}
      </div>
    </div>
  );
}

function Lists(props: ImagePanelProps) {
  const { root, chosen } = props;
  const child = chosen?.child;
  return (
    <>
      <ReferrerGroup
        key={root.digest}
        {...props}
        digest={root.digest}
        title={`Attached to ${SUBJECTS[root.kind]}`}
        aside={shortDigest(root.digest)}
      />
      {child !== undefined && (
        <ReferrerGroup
          key={child.descriptor.digest}
          {...props}
          digest={child.descriptor.digest}
          title={`Attached to ${displayText(child.platformText ?? 'the platform without a name')}`}
          aside={shortDigest(child.descriptor.digest)}
        />
      )}
    </>
  );
}
