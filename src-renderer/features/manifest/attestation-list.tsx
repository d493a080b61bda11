import type { ImagePanelProps } from '../../lib/image-panel.ts';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import { DescriptorTable } from '../../ui/descriptor-table.tsx';
import { Section } from '../../ui/section.tsx';
import { imagePath } from '../../lib/paths.ts';

type AttestationListProps = ImagePanelProps & { readonly attestations: readonly Descriptor[] };

/** What vouches for this platform: provenance, SBOMs. Folded here instead of standing as a platform of their own. */
export function AttestationList({ registryId, repository, attestations }: AttestationListProps) {
  if (attestations.length === 0) return null;
  return (
    <Section title="Attestations" aside="for this platform">
      <DescriptorTable
        label="Attestations"
        rows={attestations.map((descriptor) => ({
          descriptor,
          name: 'Attestation',
          to: imagePath({ registryId, repository, reference: descriptor.digest }),
        }))}
      />
    </Section>
  );
}
