import type { ImagePanelProps } from '../../lib/image-panel.ts';
import { ArtifactOverview } from './artifact-overview.tsx';
import { AttestationList } from './attestation-list.tsx';
import { ChildList } from './child-list.tsx';
import { IdentitySection } from './identity-section.tsx';
import css from './image-page.module.css';
import { ImageOverview } from './image-overview.tsx';
import { PlainOverview } from './plain-overview.tsx';
import { PlatformChips } from './platform-chips.tsx';

function Body(props: ImagePanelProps) {
  const { shown } = props;
  if (shown.kind === 'image') return <ImageOverview {...props} image={shown} />;
  if (shown.kind === 'artifact') return <ArtifactOverview {...props} artifact={shown} />;
  if (shown.kind === 'index') return <ChildList {...props} index={shown} title="In this index" />;
  return <PlainOverview {...props} view={shown} />;
}

/** What this is, in a few lines, whatever kind it is. */
export function OverviewPanel(props: ImagePanelProps) {
  const { root, chosen } = props;
  return (
    <div className={css['scroll']}>
      <div className={css['content']}>
        <Body {...props} />
        {chosen !== undefined && (
          <>
            <PlatformChips {...props} chosen={chosen} />
            <AttestationList {...props} attestations={chosen.child.attestations} />
            <ChildList {...props} index={chosen.index} title="Also in this index" withoutPlatforms />
          </>
        )}
        <IdentitySection {...props} root={root} />
      </div>
    </div>
  );
}
