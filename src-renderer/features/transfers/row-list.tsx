import type { RowDecision, TransferDetail, TransferRow } from '#shared/api/transfers.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { useState } from 'react';
import { errorText } from '../../lib/error-text.ts';
import { NO_DECISIONS, withDecision } from '../../lib/plan-table.ts';
import { sharedPath } from '../../lib/shared-path.ts';
import { rowStateText } from '../../lib/transfer-text.ts';
import { ConflictChoice } from '../../ui/conflict-choice.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { PathHead } from '../../ui/path-head.tsx';
import { ReferenceText } from '../../ui/reference-text.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { GridCell, VirtualGrid, type GridColumn } from '../../ui/virtual-grid.tsx';
import { ConflictBar } from './conflict-bar.tsx';
import css from './detail.module.css';
import { MovedNote } from './moved-note.tsx';
import shared from './transfers.module.css';

export type RowListProps = { readonly detail: TransferDetail };

function columnsOf(source: string, destination: string): readonly GridColumn[] {
  return [
    { key: 'what', head: <PathHead word="What" path={source} /> },
    { key: 'to', head: <PathHead word="To" path={destination} /> },
    { key: 'state', head: 'State' },
  ];
}
const TEMPLATE = 'minmax(80px, 1fr) minmax(100px, 1.2fr) minmax(150px, 1fr)';

type CellsProps = {
  readonly row: TransferRow;
  readonly decision: RowDecision | undefined;
  readonly onDecide: (rowId: string, decision: RowDecision | undefined) => void;
  /** What the heads of the columns say already. */
  readonly from: string;
  readonly to: string;
};

function Cells({ row, decision, onDecide, from, to }: CellsProps) {
  const { text, tone } = rowStateText(row);
  const title = row.error === undefined ? text : `${text}: ${errorText(row.error).title}`;
  return (
    <>
      <GridCell>
        <ReferenceText text={row.source} without={from} />
      </GridCell>
      <GridCell>
        <ReferenceText text={row.destination} without={to} />
      </GridCell>
      <GridCell className={shared[tone]} title={displayText(title)}>
        {row.state === 'conflict' ? (
          <ConflictChoice
            label={`${displayText(row.destination)} was changed meanwhile`}
            undecided="Tag changed: decide…"
            decision={decision}
            onDecide={(next) => {
              onDecide(row.rowId, next);
            }}
          />
        ) : (
          <SafeText text={title} />
        )}
      </GridCell>
    </>
  );
}

/** Every image of the transfer. Those whose tag changed meanwhile wait for a decision right here. */
export function RowList({ detail }: RowListProps) {
  const { rows, transfer } = detail;
  const [decisions, setDecisions] = useState(NO_DECISIONS);
  const [openId, setOpenId] = useState<string>();
  const onDecide = (rowId: string, decision: RowDecision | undefined) => {
    setDecisions(withDecision(decisions, rowId, decision));
  };
  const from = sharedPath(rows.map(({ source }) => source));
  const to = sharedPath(rows.map(({ destination }) => destination));
  const conflicts = rows.filter(({ state }) => state === 'conflict');
  const opened = rows.find(({ rowId }) => rowId === openId);
  return (
    <>
      {conflicts.length > 0 && (
        <ConflictBar
          transferId={transfer.transferId}
          conflicts={conflicts}
          decisions={decisions}
          onDecideAll={setDecisions}
        />
      )}
      <VirtualGrid
        label="Images"
        columns={columnsOf(from, to)}
        template={TEMPLATE}
        keys={rows.map(({ rowId }) => rowId)}
        openKey={openId}
        onOpen={(index) => {
          const rowId = rows[index]?.rowId;
          setOpenId(rowId === openId ? undefined : rowId);
        }}
      >
        {(index) => {
          const row = rows[index];
          return row === undefined ? null : (
            <Cells row={row} decision={decisions.get(row.rowId)} onDecide={onDecide} from={from} to={to} />
          );
        }}
      </VirtualGrid>
      <MovedNote rows={rows} />
      {opened?.error !== undefined && (
        <div className={css['rowError']}>
          <ErrorState compact error={opened.error} />
        </div>
      )}
    </>
  );
}
