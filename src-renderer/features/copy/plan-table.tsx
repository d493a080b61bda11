import type { PlanRow } from '#shared/api/transfers.ts';
import { formatBytes, formatExactBytes } from '../../lib/format-bytes.ts';
import { withDecision, type Decisions } from '../../lib/plan-table.ts';
import { sharedPath } from '../../lib/shared-path.ts';
import { PathHead } from '../../ui/path-head.tsx';
import { ReferenceText } from '../../ui/reference-text.tsx';
import { GridCell, VirtualGrid, type GridColumn } from '../../ui/virtual-grid.tsx';
import { PlanRowState, type PlanRowStateProps } from './plan-row-state.tsx';
import css from './plan.module.css';

export type PlanTableProps = {
  readonly rows: readonly PlanRow[];
  readonly decisions: Decisions;
  readonly onDecide: (decisions: Decisions) => void;
  /** The row whose details are shown below. */
  readonly openId: string | undefined;
  readonly onOpen: (rowId: string | undefined) => void;
};

const FACTS: readonly GridColumn[] = [
  { key: 'send', head: 'To send', align: 'end' },
  { key: 'present', head: 'Present', align: 'end' },
  { key: 'mountable', head: 'Mountable', align: 'end' },
  { key: 'state', head: 'What happens' },
];
const TEMPLATE = 'minmax(130px, 1.1fr) minmax(150px, 1.2fr) 72px 72px 72px minmax(190px, 1fr)';

function columnsOf(paths: Paths): readonly GridColumn[] {
  return [
    { key: 'what', head: <PathHead word="What" path={paths.source} /> },
    { key: 'to', head: <PathHead word="To" path={paths.destination} /> },
    ...FACTS,
  ];
}

type Paths = { readonly source: string; readonly destination: string };

function BytesCell({ bytes, isKnown }: { readonly bytes: number; readonly isKnown: boolean }) {
  return (
    <GridCell align="end" title={isKnown ? formatExactBytes(bytes) : undefined}>
      {isKnown ? formatBytes(bytes) : '–'}
    </GridCell>
  );
}

function Cells({ row, decision, onDecide, paths }: PlanRowStateProps & { readonly paths: Paths }) {
  const isKnown = row.state.kind !== 'failed';
  return (
    <>
      <GridCell className={css['name']}>
        <ReferenceText text={row.source} without={paths.source} />
      </GridCell>
      <GridCell>
        <ReferenceText text={row.destination} without={paths.destination} />
      </GridCell>
      <BytesCell bytes={row.bytesToSend} isKnown={isKnown} />
      <BytesCell bytes={row.bytesPresent} isKnown={isKnown} />
      <BytesCell bytes={row.bytesMountable} isKnown={isKnown} />
      <GridCell>
        <PlanRowState row={row} decision={decision} onDecide={onDecide} />
      </GridCell>
    </>
  );
}

/** Every row of the plan, with what will happen to it; Enter or a click shows all that is known of one. */
export function PlanTable({ rows, decisions, onDecide, openId, onOpen }: PlanTableProps) {
  const keys = rows.map(({ rowId }) => rowId);
  const paths = {
    source: sharedPath(rows.map(({ source }) => source)),
    destination: sharedPath(rows.map(({ destination }) => destination)),
  };
  return (
    <div className={css['table']}>
      <VirtualGrid
        label="Plan"
        columns={columnsOf(paths)}
        template={TEMPLATE}
        keys={keys}
        openKey={openId}
        onOpen={(index) => {
          const key = keys[index];
          onOpen(key === openId ? undefined : key);
        }}
      >
        {(index) => {
          const row = rows[index];
          return row === undefined ? null : (
            <Cells
              row={row}
              paths={paths}
              decision={decisions.get(row.rowId)}
              onDecide={(rowId, decision) => {
                onDecide(withDecision(decisions, rowId, decision));
              }}
            />
          );
        }}
      </VirtualGrid>
    </div>
  );
}
