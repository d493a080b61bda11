import type { Difference, ImageComparison } from '#shared/api/compare.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { formatBytes } from './format-bytes.ts';

type Names = { readonly left: string; readonly right: string };
type Row = {
  readonly name: string;
  readonly difference: Difference;
  readonly left?: string | undefined;
  readonly right?: string | undefined;
};

/** Registry text in a table cell: nothing in it is markup, and it stays on its line (SECURITY-CASES N02, N03). */
function cell(text: string | undefined): string {
  if (text === undefined) return '';
  const safe = displayText(text).replaceAll(/[\\`*_{}[\]<>()#+!|~&-]/g, (mark) => `\\${mark}`);
  return safe.length > 300 ? `${safe.slice(0, 300)}…` : safe;
}

function table(title: string, rows: readonly Row[]): readonly string[] {
  const shown = rows.filter(({ difference }) => difference !== 'same');
  if (shown.length === 0) return [];
  return [
    `### ${title}`,
    '',
    '| Name | Left | Right |',
    '| --- | --- | --- |',
    ...shown.map(({ name, left, right }) => `| ${cell(name)} | ${cell(left)} | ${cell(right)} |`),
    '',
  ];
}

/** What differs between two images, as Markdown for an issue or a review. What is the same is left out. */
export function comparisonMarkdown(names: Names, comparison: ImageComparison): string {
  const { left, right, layers } = comparison;
  const alone = layers.filter(({ match }) => match === undefined);
  const lines = [
    `## ${cell(names.left)} → ${cell(names.right)}`,
    '',
    '| | Left | Right |',
    '| --- | --- | --- |',
    `| Digest | \`${left.digest}\` | \`${right.digest}\` |`,
    `| Platform | ${cell(left.platformText)} | ${cell(right.platformText)} |`,
    `| Size | ${formatBytes(left.sizeBytes)} | ${formatBytes(right.sizeBytes)} |`,
    `| Layers | ${left.layerCount} | ${right.layerCount} |`,
    '',
    `${formatBytes(comparison.sharedBytes)} shared, ${formatBytes(comparison.leftOnlyBytes)} only left, ${formatBytes(comparison.rightOnlyBytes)} only right; ${alone.length} of ${layers.length} layers differ.`,
    '',
    ...table('Settings', comparison.fields),
    ...table('Environment', comparison.env),
    ...table('Labels', comparison.labels),
    ...table('Annotations', comparison.annotations),
    ...table('Ports', comparison.ports),
    ...table('Volumes', comparison.volumes),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}
