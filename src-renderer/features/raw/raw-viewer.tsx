import type { RawDocument } from '#shared/api/manifests.ts';
import { digestAlgorithm } from '#shared/oci/digest.ts';
import { displayText } from '#shared/oci/display-text.ts';
import { useRef, useState } from 'react';
import { findDescriptors } from '../../lib/json-descriptors.ts';
import { joinLines } from '../../lib/json-lines.ts';
import { formatExactBytes } from '../../lib/format-bytes.ts';
import { toSafeJson } from '../../lib/safe-json.ts';
import { Banner } from '../../ui/banner.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { SuccessIcon } from '../../ui/icons.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import { FindBar } from './find-bar.tsx';
import { RawLines } from './raw-lines.tsx';
import type { RawViewerPlace } from './raw-place.ts';
import css from './raw.module.css';
import { SourceSelect } from './source-select.tsx';
import { useFind } from './use-find.ts';
import { useRawRows, type RawForm } from './use-raw-rows.ts';

export type RawViewerProps = { readonly place: RawViewerPlace; readonly document: RawDocument };

const FORMS = [
  { value: 'pretty', label: 'Pretty' },
  { value: 'sent', label: 'As sent' },
] as const;

/** What is copied: exact, but for hidden characters, which are spelled out. */
function copyText(document: RawDocument, form: RawForm, lines: ReturnType<typeof useRawRows>) {
  const { content } = document;
  if (content.encoding === 'base64') return { text: content.base64, hiddenCount: 0 };
  if (!lines.isJson) return { text: displayText(content.text, { multiline: true }), hiddenCount: 0 };
  return toSafeJson(form === 'sent' ? content.text : joinLines(lines.lines));
}

/** One document: pretty or as it was sent, with every digest a way on. */
export function RawViewer({ place, document }: RawViewerProps) {
  const [form, setForm] = useState<RawForm>('pretty');
  const scrollRef = useRef<HTMLDivElement>(null);
  const inputRef = useRef<HTMLInputElement>(null);
  const find = useFind(inputRef, scrollRef);
  const view = useRawRows(document.content, form, scrollRef, find.words);
  const copied = copyText(document, form, view);
  const { content } = document;
  const at =
    view.matches.length === 0 ? 0 : ((find.at % view.matches.length) + view.matches.length) % view.matches.length;
  return (
    <>
      <Toolbar label="Document">
        <SourceSelect place={place} />
        {view.isJson && <Segmented label="Form" value={form} options={FORMS} onChange={setForm} />}
        <span className={css['verified']}>
          <SuccessIcon size={14} aria-hidden />
          {formatExactBytes(document.sizeBytes)} · {digestAlgorithm(document.digest)} verified
        </span>
        <span className={css['spring']} />
        <FindBar inputRef={inputRef} find={find} at={at} count={view.matches.length} />
        <CopyButton
          isSafe
          size="md"
          text={copied.text}
          what={form === 'sent' || !view.isJson ? 'the document as sent' : 'the JSON'}
        />
      </Toolbar>
      <Notes document={document} hiddenCount={copied.hiddenCount} />
      <RawLines
        ref={scrollRef}
        place={place}
        rows={view.rows}
        matches={view.matches}
        current={view.matches[at]}
        descriptors={content.encoding === 'text' ? findDescriptors(content.text) : new Map()}
        numberColumns={view.numberColumns}
      />
    </>
  );
}

type NotesProps = { readonly document: RawDocument; readonly hiddenCount: number };

/** What a person should know before trusting their eyes or a copy. */
function Notes({ document, hiddenCount }: NotesProps) {
  return (
    <>
      {hiddenCount > 0 && (
        <div className={css['note']}>
          <Banner tone="warning">
            This document holds {hiddenCount} hidden {hiddenCount === 1 ? 'character' : 'characters'}. They are shown
            and copied as escapes, so a copy has the same meaning but not the same digest.
          </Banner>
        </div>
      )}
      {document.content.encoding === 'base64' && (
        <div className={css['note']}>
          <Banner>
            These bytes are no text: they are shown in hexadecimal. Media type: <SafeText text={document.mediaType} />
          </Banner>
        </div>
      )}
    </>
  );
}
