import type { ReactNode } from 'react';
import { displayText } from '#shared/oci/display-text.ts';
import { assertNever } from '../../lib/assert-never.ts';
import { errorText } from '../../lib/error-text.ts';
import { formatCount } from '../../lib/format-bytes.ts';
import type { TreeRow } from '../../lib/tree-rows.ts';
import { AddIcon, ErrorIcon, InfoIcon } from '../../ui/icons.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import css from './tree.module.css';

const MEND = {
  'sign-in': 'Sign in…',
  retry: 'Try again',
  'edit-connection': 'Edit connection…',
  'use-plain-http': 'Edit connection…',
  'skip-verification': 'Edit connection…',
  'add-authority': 'Edit connection…',
  'set-client-certificate': 'Edit connection…',
  'allow-upload-host': 'Edit connection…',
  'trust-host': 'Trust its token server…',
  pin: 'Pin a repository…',
} as const;

type NoteProps = { readonly icon: ReactNode; readonly title: string; readonly action: string };

function Note({ icon, title, action }: NoteProps) {
  return (
    <span className={css['note']}>
      {icon}
      <span className={css['noteText']}>
        <span className={css['label']} title={displayText(title)}>
          <SafeText text={title} />
        </span>
        <span className={css['action']}>{action}</span>
      </span>
    </span>
  );
}

function emptyText(row: Extract<TreeRow, { kind: 'empty' }>): string {
  const what = row.of.repository === undefined ? 'repositories' : 'tags';
  return row.droppedCount === 0
    ? `No ${what}`
    : `No usable ${what}: ${formatCount(row.droppedCount)} malformed names left out`;
}

export type StatusRowProps = { readonly row: Extract<TreeRow, { of: unknown }> };

/** Loading, empty, partial and failed lists, as the last row of what they are about. */
export function StatusRow({ row }: StatusRowProps) {
  switch (row.kind) {
    case 'loading':
      return (
        <span className={css['status']}>
          <Spinner size={14} />
          Loading…
        </span>
      );
    case 'empty':
      return <span className={css['status']}>{emptyText(row)}</span>;
    case 'more':
      return (
        <span className={css['status']}>
          {row.loading ? <Spinner size={14} /> : <AddIcon size={14} aria-hidden />}
          <span>
            {formatCount(row.loaded)} loaded ·{' '}
            <span className={css['action']}>{row.loading ? 'Loading…' : 'Load more'}</span>
          </span>
        </span>
      );
    case 'no-catalog':
      return <Note icon={<InfoIcon size={14} aria-hidden />} title="Catalog not available" action={MEND.pin} />;
    case 'error': {
      const { title, action = 'retry' } = errorText(row.error);
      const icon = <ErrorIcon size={14} aria-hidden className={css['danger']} />;
      return <Note icon={icon} title={title} action={MEND[action]} />;
    }
    default:
      return assertNever(row);
  }
}
