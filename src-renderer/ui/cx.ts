type ClassPart = string | false | undefined;

/** Joins the class names that apply. */
export function cx(...parts: readonly ClassPart[]): string {
  return parts.filter((part) => typeof part === 'string' && part !== '').join(' ');
}
