import type { Command, CommandPurpose, CommandTarget, CommandTool, PurposeDraft } from './command-types.ts';
import { toolCommands } from './command-tools.ts';
import { quoteCommand } from './shell-quote.ts';

const LABELS: Record<CommandPurpose, string> = {
  pull: 'Pull',
  'pull-pinned': 'Pull by digest',
  manifest: 'Show the manifest',
  config: 'Show the config',
  'list-tags': 'List tags',
};

function toCommand({ purpose, draft }: PurposeDraft): Command {
  const label = LABELS[purpose];
  if ('reason' in draft) return { kind: 'unavailable', purpose, label, reason: draft.reason };
  const text = quoteCommand(draft.words);
  if (text === undefined) {
    const reason = 'The name holds hidden characters, which are not safe to paste into a terminal.';
    return { kind: 'unavailable', purpose, label, reason };
  }
  return { kind: 'line', purpose, label, text, note: draft.note };
}

/** The commands of one tool for what is on screen, safe to paste into a POSIX shell. */
export function commandsFor(tool: CommandTool, target: CommandTarget): readonly Command[] {
  return toolCommands(tool, target).map(toCommand);
}

/** The tool to offer when a person never chose one: docker cannot pull an artifact. */
export function defaultTool(kind: CommandTarget['kind']): CommandTool {
  return kind === 'artifact' || kind === 'unknown' ? 'oras' : 'docker';
}
