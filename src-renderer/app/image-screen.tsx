import { ConfigPanel } from '../features/config/config-panel.tsx';
import { DocumentsPanel } from '../features/documents/documents-panel.tsx';
import { FilesPanel } from '../features/files/files-panel.tsx';
import { LayersPanel } from '../features/layers/layers-panel.tsx';
import { ImagePage } from '../features/manifest/image-page.tsx';
import { OverviewPanel } from '../features/manifest/overview-panel.tsx';
import { PackagesPanel } from '../features/packages/packages-panel.tsx';
import { PlatformsPanel } from '../features/platforms/platforms-panel.tsx';
import { RawPanel } from '../features/raw/raw-panel.tsx';
import { ReferrersPanel } from '../features/referrers/referrers-panel.tsx';

const PANELS = {
  overview: OverviewPanel,
  platforms: PlatformsPanel,
  config: ConfigPanel,
  layers: LayersPanel,
  files: FilesPanel,
  packages: PackagesPanel,
  documents: DocumentsPanel,
  referrers: ReferrersPanel,
  raw: RawPanel,
} as const;

/** The image page with its tabs, which do not know one another. */
export function ImageScreen() {
  return <ImagePage panels={PANELS} />;
}
