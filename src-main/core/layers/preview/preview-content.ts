import { guessLanguage } from './guess-language.ts';
import { type PictureInfo, readPicture } from './read-image.ts';
import { readText, type TextEncoding } from './read-text.ts';

/** The first bytes of a file, as they can be shown. */
export type PreviewContent =
  | { readonly kind: 'text'; readonly encoding: TextEncoding; readonly text: string; readonly language?: string }
  | { readonly kind: 'binary'; readonly base64: string }
  | ({ readonly kind: 'image'; readonly base64: string } & PictureInfo);

type What = {
  readonly name: string;
  /** They are all of the file: half a picture is none. */
  readonly isWhole: boolean;
  /** As they are, whatever they may be. */
  readonly raw: boolean;
};

/** Decides by what is in the bytes; the name only helps to guess a language. */
export function previewContent(bytes: Buffer, { name, isWhole, raw }: What): PreviewContent {
  const picture = raw || !isWhole ? undefined : readPicture(bytes);
  if (picture !== undefined) return { kind: 'image', ...picture, base64: bytes.toString('base64') };
  const text = raw ? undefined : readText(bytes);
  if (text === undefined) return { kind: 'binary', base64: bytes.toString('base64') };
  const language = guessLanguage(name, text.text);
  return { kind: 'text', ...text, ...(language === undefined ? {} : { language }) };
}
