import type { ImageView } from '#shared/api/images.ts';
import type { ImagePanelProps } from '../../lib/image-panel.ts';
import { formatExactBytes } from '../../lib/format-bytes.ts';
import { mediaTypeName } from '../../lib/media-type-name.ts';
import { Digest } from '../../ui/digest.tsx';
import { KeyValueList, type KeyValue } from '../../ui/key-value-list.tsx';
import { Pairs } from '../../ui/pairs.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Section } from '../../ui/section.tsx';
import css from './image-page.module.css';

type IdentitySectionProps = ImagePanelProps & { readonly root: ImageView };

function label(prefix: string, what: string): string {
  return prefix === '' ? `${what.charAt(0).toUpperCase()}${what.slice(1)}` : `${prefix} ${what}`;
}

function identity(view: ImageView, prefix: string): readonly KeyValue[] {
  return [
    { key: label(prefix, 'digest'), value: <Digest digest={view.digest} full /> },
    {
      key: label(prefix, 'media type'),
      value: (
        <>
          <SafeText text={view.mediaType} /> <span className={css['muted']}>{mediaTypeName(view.mediaType)}</span>
        </>
      ),
    },
    { key: label(prefix, 'size'), value: formatExactBytes(view.sizeBytes) },
  ];
}

/** The names nobody can move: digests, with media types and annotations as they stand in the manifest. */
export function IdentitySection({ root, shown }: IdentitySectionProps) {
  const isChild = root !== shown;
  const annotations = [...root.annotations, ...(isChild ? shown.annotations : [])];
  return (
    <>
      <Section title="Identity">
        <KeyValueList
          entries={[...(isChild ? identity(root, 'Index') : []), ...identity(shown, isChild ? 'Image' : '')]}
        />
      </Section>
      {annotations.length > 0 && (
        <Section title="Annotations" aside={annotations.length}>
          <Pairs label="Annotations" pairs={annotations} />
        </Section>
      )}
    </>
  );
}
