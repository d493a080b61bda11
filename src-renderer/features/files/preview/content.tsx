import type { Preview } from '#shared/api/file-preview.ts';
import { useState } from 'react';
import { displayText } from '#shared/oci/display-text.ts';
import { formatBytes } from '../../../lib/format-bytes.ts';
import { decodeBase64, hexLines } from '../../../lib/hex-lines.ts';
import { appErrorOf } from '../../../queries/app-error.ts';
import { useFilePreview, type InView } from '../../../queries/files.ts';
import { useErrorActions } from '../../../state/use-error-actions.ts';
import { CodeView } from '../../../ui/code-view.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { Waiting } from '../../../ui/waiting.tsx';
import css from './preview.module.css';
import { Summary } from './summary.tsx';
import { useHighlighted } from './use-highlighted.ts';

export type ContentProps = { readonly inView: InView; readonly path: string };

const FORMS = [
  { value: 'shown', label: 'Shown' },
  { value: 'hex', label: 'Hex' },
] as const;

/** The start of a file's content: as text or picture when it is one, else as bytes. */
export function Content({ inView, path }: ContentProps) {
  const [form, setForm] = useState<'shown' | 'hex'>('shown');
  const preview = useFilePreview(inView, path, form === 'hex');
  const actions = useErrorActions(inView.target.registryId, () => void preview.refetch());
  if (preview.error !== null) return <ErrorState error={appErrorOf(preview.error)} actions={actions} />;
  const { data } = preview;
  return (
    <>
      <div className={css['bar']}>
        {(data === undefined || data.content.kind !== 'binary' || form === 'hex') && (
          <Segmented label="Content as" value={form} options={FORMS} onChange={setForm} />
        )}
        {data !== undefined && <span className={css['muted']}>{describe(data)}</span>}
        <span className={css['spring']} />
        {data?.content.kind === 'text' && (
          <CopyButton isSafe text={displayText(data.content.text, { multiline: true })} what="the text" />
        )}
      </div>
      {data === undefined ? (
        <Waiting
          title="Reading the file"
          widths={[70, 45, 60, 30]}
          isStopped={preview.isStopped}
          onStop={preview.stop}
          onAgain={() => void preview.refetch()}
        />
      ) : (
        <Shown preview={data} path={path} />
      )}
    </>
  );
}

/** Said where it is less than the whole layer's digest. */
const VERIFICATIONS: Readonly<Record<Preview['verification'], string | undefined>> = {
  verified: undefined,
  'by-published-index': 'as the published index names it',
  unverified: 'not verified',
};

function describe(preview: Preview): string {
  const { content, sizeBytes, shownBytes, verification } = preview;
  const parts = [
    content.kind === 'text' ? content.encoding.toUpperCase() : undefined,
    content.kind === 'image' ? `${content.width} × ${content.height}` : undefined,
    shownBytes < sizeBytes ? `the first ${formatBytes(shownBytes)} of ${formatBytes(sizeBytes)}` : undefined,
    VERIFICATIONS[verification],
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
}

function Shown({ preview, path }: { readonly preview: Preview; readonly path: string }) {
  const { content, summary } = preview;
  const label = `Content of ${displayText(path)}`;
  return (
    <>
      {summary !== undefined && <Summary summary={summary} />}
      {content.kind === 'text' && (
        <div className={css['code']}>
          <Text label={label} text={content.text} language={content.language} />
        </div>
      )}
      {content.kind === 'binary' && (
        <div className={css['code']}>
          <Hex label={label} base64={content.base64} />
        </div>
      )}
      {content.kind === 'image' && (
        <div className={css['picture']}>
          <img alt={label} src={`data:${content.mediaType};base64,${content.base64}`} className={css['image']} />
        </div>
      )}
    </>
  );
}

type TextProps = { readonly label: string; readonly text: string; readonly language: string | undefined };

function Text({ label, text, language }: TextProps) {
  return <CodeView label={label} rows={useHighlighted(text, language)} />;
}

function Hex({ label, base64 }: { readonly label: string; readonly base64: string }) {
  const rows = hexLines(decodeBase64(base64)).map((text) => ({ tokens: [{ text }] }));
  return <CodeView label={label} rows={rows} />;
}
