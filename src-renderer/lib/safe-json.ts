/** As in displayText, but for a whole JSON text: its own white space stays. */
const HIDDEN = /(?![ \t\r\n])[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu;

function jsonEscape(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

export type SafeJson = { readonly text: string; readonly hiddenCount: number };

/**
 * JSON fit for the clipboard: hidden characters, which can stand only inside strings, become JSON escapes. The value
 * stays the same; the bytes, and so the digest, do not when `hiddenCount` is above zero (SECURITY-CASES N02).
 */
export function toSafeJson(text: string): SafeJson {
  let hiddenCount = 0;
  const safe = text.replace(HIDDEN, (character) => {
    hiddenCount += 1;
    return jsonEscape(character);
  });
  return { text: safe, hiddenCount };
}
