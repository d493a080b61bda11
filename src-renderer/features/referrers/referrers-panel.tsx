import { shortDigest } from '#shared/oci/digest.ts';
import { displayText } from '#shared/oci/display-text.ts';
import type { ImagePanelProps } from '../../lib/image-panel.ts';
import { ReferrerGroup } from './referrer-group.tsx';
import css from './referrers.module.css';

const SUBJECTS = {
  index: 'the index',
  image: 'this image',
  artifact: 'this artifact',
  schema1: 'this manifest',
  unknown: 'this manifest',
} as const;

/** What others have attached to this: to the index as a whole, and to the platform that is looked at. */
export function ReferrersPanel(props: ImagePanelProps) {
  const { root, chosen } = props;
  const child = chosen?.child;
  return (
    <div className={css['scroll']}>
      <div className={css['content']}>
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
      </div>
    </div>
  );
}
