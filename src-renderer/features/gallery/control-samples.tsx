import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Chip } from '../../ui/chip.tsx';
import { FilterField } from '../../ui/filter-field.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { AddIcon, MoreIcon, RefreshIcon } from '../../ui/icons.ts';
import { Menu } from '../../ui/menu.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import { Popover } from '../../ui/popover.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { Select } from '../../ui/select.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { Sample } from './sample.tsx';

const OPTIONS = [
  { value: 'one', label: 'One' },
  { value: 'two', label: 'Two', hint: 'With a hint' },
] as const;

function noop(): void {
  // Samples lead nowhere.
}

function Buttons() {
  return (
    <Sample name="Buttons">
      <Button variant="primary" icon={AddIcon}>
        Primary
      </Button>
      <Button>Secondary</Button>
      <Button variant="ghost">Ghost</Button>
      <Button variant="danger">Danger</Button>
      <Button busy>Busy</Button>
      <Button disabled>Disabled</Button>
      <Button size="sm">Small</Button>
      <IconButton label="Refresh" icon={RefreshIcon} />
      <IconButton label="Refresh, small" size="sm" icon={RefreshIcon} />
      <IconButton label="Refresh, disabled" icon={RefreshIcon} disabled />
      <Menu
        trigger={<IconButton label="More" icon={MoreIcon} />}
        items={[
          { id: 'a', label: 'Refresh', icon: RefreshIcon, hint: 'F5', onSelect: noop },
          { id: 'b', label: 'Chosen', checked: true, onSelect: noop },
          { kind: 'separator', id: 'c' },
          { id: 'd', label: 'Remove…', tone: 'danger', onSelect: noop },
          { id: 'e', label: 'Not now', disabled: true, onSelect: noop },
        ]}
      />
      <Popover trigger={<Button size="sm">Popover</Button>}>Something more about it.</Popover>
      <Chip onClick={noop}>Chip</Chip>
      <Chip onClick={noop} selected mono>
        linux/arm64
      </Chip>
    </Sample>
  );
}

function Fields() {
  const [text, setText] = useState('');
  const [choice, setChoice] = useState<'one' | 'two'>('one');
  const [checked, setChecked] = useState(true);
  return (
    <Sample name="Fields">
      <TextField label="Host" value={text} onChange={setText} placeholder="ghcr.io" hint="With a hint" mono />
      <TextField label="With an error" value={text} onChange={setText} error="Not a host" />
      <TextField label="Disabled" value="fixed" onChange={setText} disabled />
      <PasswordField label="Password" value={text} onChange={setText} />
      <FilterField label="Filter tags" value={text} onChange={setText} />
      <Select label="Order" value={choice} options={OPTIONS} onChange={setChoice} />
      <Checkbox label="Plain HTTP" checked={checked} onChange={setChecked} hint="No encryption." />
      <RadioGroup label="Choice" value={choice} options={OPTIONS} onChange={setChoice} />
    </Sample>
  );
}

function TabSample() {
  const [tab, setTab] = useState<'a' | 'b'>('a');
  return (
    <Sample name="Tabs">
      <Tabs
        label="Sample tabs"
        value={tab}
        onChange={setTab}
        tabs={[
          { value: 'a', label: 'Overview' },
          { value: 'b', label: 'Layers', count: 7 },
        ]}
      >
        <p>The panel of {tab}.</p>
      </Tabs>
    </Sample>
  );
}

export function ControlSamples() {
  return (
    <>
      <Buttons />
      <Fields />
      <TabSample />
    </>
  );
}
