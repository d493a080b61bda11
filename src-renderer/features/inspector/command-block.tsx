import { commandsFor, defaultTool } from '../../lib/commands.ts';
import { COMMAND_TOOLS, type Command, type CommandTarget } from '../../lib/command-types.ts';
import { useRegistry } from '../../queries/registries.ts';
import { useChoices } from '../../state/choices.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Select } from '../../ui/select.tsx';
import css from './inspector.module.css';

export type CommandBlockProps = Pick<CommandTarget, 'repository' | 'tag' | 'digest' | 'kind' | 'platform'> & {
  readonly registryId: string;
};

const TOOL_OPTIONS = COMMAND_TOOLS.map((tool) => ({ value: tool, label: tool }));

/** The command line for what is on screen, in the tool a person uses. */
export function CommandBlock({ registryId, ...target }: CommandBlockProps) {
  const registry = useRegistry(registryId);
  const remembered = useChoices((state) => state.tool);
  const setTool = useChoices((state) => state.setTool);
  const { data } = registry;
  if (data === undefined) return null;
  const tool = remembered ?? defaultTool(target.kind);
  const commands = commandsFor(tool, {
    ...target,
    host: data.host,
    plainHttp: data.plainHttp,
    skipVerification: data.skipVerification,
  });
  return (
    <section className={css['block']} aria-label="Commands">
      <div className={css['blockHead']}>
        <h3 className={css['blockTitle']}>Commands</h3>
        <Select label="Tool" value={tool} options={TOOL_OPTIONS} onChange={setTool} className={css['tool']} />
      </div>
      <ul className={css['commands']}>
        {commands.map((command) => (
          <li key={command.purpose}>
            <CommandLine command={command} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function CommandLine({ command }: { readonly command: Command }) {
  if (command.kind === 'unavailable') {
    return (
      <>
        <div className={css['commandLabel']}>{command.label}</div>
        <p className={css['note']}>{command.reason}</p>
      </>
    );
  }
  return (
    <>
      <div className={css['commandLabel']}>{command.label}</div>
      <div className={css['command']}>
        <code className={css['commandText']}>
          <SafeText text={command.text} />
        </code>
        <CopyButton text={command.text} what={`command: ${command.label.toLowerCase()}`} />
      </div>
      {command.note !== undefined && (
        <p className={css['note']}>
          <SafeText text={command.note} />
        </p>
      )}
    </>
  );
}
