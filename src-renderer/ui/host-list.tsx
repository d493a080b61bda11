import css from './host-list.module.css';
import { IconButton } from './icon-button.tsx';
import { CloseIcon } from './icons.ts';
import { SafeText } from './safe-text.tsx';

export type HostListProps = {
  /** The accessible name: `Trusted token servers`. */
  readonly label: string;
  readonly hosts: readonly string[];
  readonly removeLabel: (host: string) => string;
  readonly onRemove: (host: string) => void;
};

/** Hosts that may be given something, each with a button that takes it back; nothing when there are none. */
export function HostList({ label, hosts, removeLabel, onRemove }: HostListProps) {
  if (hosts.length === 0) return null;
  return (
    <ul className={css['list']} aria-label={label}>
      {hosts.map((host) => (
        <li key={host} className={css['item']}>
          <code>
            <SafeText text={host} />
          </code>
          <IconButton
            size="sm"
            icon={CloseIcon}
            label={removeLabel(host)}
            onClick={() => {
              onRemove(host);
            }}
          />
        </li>
      ))}
    </ul>
  );
}
