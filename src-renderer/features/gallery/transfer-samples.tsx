import { useState } from 'react';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { ReferenceText } from '../../ui/reference-text.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { Steps } from '../../ui/steps.tsx';
import { GridCell, VirtualGrid } from '../../ui/virtual-grid.tsx';
import css from './gallery.module.css';
import { Sample } from './sample.tsx';

const TONES = ['accent', 'success', 'warning', 'danger', 'neutral'] as const;
const ROWS = ['docker.io/library/nginx:1.27.3', 'ghcr.io/a-rather-long-owner/a-rather-long-name:2026.11.27-nightly'];
const COLUMNS = [
  { key: 'what', head: 'What' },
  { key: 'size', head: 'Size', align: 'end' },
] as const;

/** The parts that wizards and transfers are made of. */
export function TransferSamples() {
  const [chosen, setChosen] = useState<'one' | 'two'>('one');
  const [openKey, setOpenKey] = useState<string>();
  return (
    <>
      <Sample name="Steps">
        <Steps label="Steps at the first" steps={['Choose', 'Plan']} current={0} />
        <Steps label="Steps at the second" steps={['Choose', 'Plan']} current={1} />
      </Sample>
      <Sample name="Progress">
        {TONES.map((tone) => (
          <ProgressBar key={tone} label={`Progress, ${tone}`} share={0.4} tone={tone} text="40 %" />
        ))}
        <ProgressBar label="Progress, end not known" share={undefined} text="Listing" />
      </Sample>
      <Sample name="Select in a form">
        <SelectField
          label="Registry"
          hint="With a hint"
          error={chosen === 'two' ? 'Not this one' : undefined}
          value={chosen}
          options={[
            { value: 'one', label: 'One' },
            { value: 'two', label: 'Two' },
          ]}
          onChange={setChosen}
        />
      </Sample>
      <Sample name="Grid of rows">
        <div className={css['grid']}>
          <VirtualGrid
            label="Rows"
            columns={COLUMNS}
            template="minmax(0, 1fr) 72px"
            keys={ROWS}
            openKey={openKey}
            onOpen={(index) => {
              setOpenKey(ROWS[index]);
            }}
          >
            {(index) => (
              <>
                <GridCell>
                  <ReferenceText text={ROWS[index] ?? ''} />
                </GridCell>
                <GridCell align="end">{index + 1} MiB</GridCell>
              </>
            )}
          </VirtualGrid>
        </div>
      </Sample>
    </>
  );
}
