import type { ImageComparison } from '#shared/api/compare.ts';
import { useState } from 'react';
import { comparisonMarkdown } from '../../lib/compare-markdown.ts';
import { pointText, type ComparePoint } from '../../lib/compare-place.ts';
import { formatBytes } from '../../lib/format-bytes.ts';
import { targetsOf } from '../../queries/compare.ts';
import { Banner } from '../../ui/banner.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import css from './compare.module.css';
import { ConfigDifferences } from './config-differences.tsx';
import { FileDifferences } from './file-differences.tsx';
import { LayerDifferences } from './layer-differences.tsx';
import { OpenBoth } from './open-both.tsx';
import { PackageDifferences } from './package-differences.tsx';

export type ComparedViewProps = {
  readonly left: ComparePoint;
  readonly right: ComparePoint;
  readonly comparison: ImageComparison;
};

const TABS = ['config', 'layers', 'files', 'packages'] as const;
type CompareTab = (typeof TABS)[number];

function changedCount(comparison: ImageComparison): number {
  const { fields, env, labels, annotations, ports, volumes } = comparison;
  return [fields, env, labels, annotations, ports, volumes].flat().filter(({ difference }) => difference !== 'same')
    .length;
}

/** Two images that were found, in tabs. */
export function ComparedView({ left, right, comparison }: ComparedViewProps) {
  const [tab, setTab] = useState<CompareTab>('config');
  const { sharedBytes, leftOnlyBytes, rightOnlyBytes, layers } = comparison;
  const targets = targetsOf(left, right, comparison);
  const names = { left: pointText(left), right: pointText(right) };
  return (
    <Tabs
      label="Comparison"
      value={tab}
      tabs={[
        { value: 'config', label: 'Config', count: changedCount(comparison) },
        { value: 'layers', label: 'Layers', count: layers.filter(({ match }) => match === undefined).length },
        { value: 'files', label: 'Files' },
        { value: 'packages', label: 'Packages' },
      ]}
      onChange={setTab}
    >
      <div className={css['summary']}>
        <span>
          {formatBytes(sharedBytes)} shared · {formatBytes(leftOnlyBytes)} only left · {formatBytes(rightOnlyBytes)}{' '}
          only right
        </span>
        <CopyButton isSafe labelled text={comparisonMarkdown(names, comparison)} what="as Markdown" />
      </div>
      {comparison.isSame && (
        <div className={css['note']}>
          <Banner tone="success">Both sides are one and the same image.</Banner>
        </div>
      )}
      {tab === 'config' && <ConfigDifferences comparison={comparison} />}
      {tab === 'layers' && <LayerDifferences comparison={comparison} />}
      {tab === 'files' && (
        <OpenBoth targets={targets} comparison={comparison}>
          <FileDifferences targets={targets} />
        </OpenBoth>
      )}
      {tab === 'packages' && (
        <OpenBoth targets={targets} comparison={comparison}>
          <PackageDifferences targets={targets} />
        </OpenBoth>
      )}
    </Tabs>
  );
}
