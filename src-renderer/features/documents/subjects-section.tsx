import type { DocumentView } from '#shared/api/documents.ts';
import { formatCount } from '../../lib/format-bytes.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { Section } from '../../ui/section.tsx';
import css from './documents.module.css';

export type SubjectsSectionProps = Pick<
  Extract<DocumentView, { readonly kind: 'statement' }>,
  'subjects' | 'subjectCount'
>;

const MOST = 50;

/** What the statement is about, by name and digest. */
export function SubjectsSection({ subjects, subjectCount }: SubjectsSectionProps) {
  if (subjectCount === 0) return null;
  const shown = subjects.slice(0, MOST);
  return (
    <Section title="About" aside={formatCount(subjectCount)}>
      <ul className={css['materials']}>
        {shown.map(({ name, digests }) => (
          <li key={`${name} ${digests.map(([, value]) => value).join(' ')}`}>
            <SafeText text={name} />
            {digests.map(([algorithm, value]) => (
              <code key={algorithm} className={css['digest']}>
                <SafeText text={`${algorithm}:${value}`} />
              </code>
            ))}
          </li>
        ))}
      </ul>
      {shown.length < subjectCount && (
        <p className={css['muted']}>… and {formatCount(subjectCount - shown.length)} more.</p>
      )}
    </Section>
  );
}
