/** A line of history as its Dockerfile would have it. */
export type Instruction = {
  /** `RUN`, `COPY`, …; undefined when the line does not say. */
  readonly verb: string | undefined;
  readonly text: string;
};

const VERBS =
  /^(ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)\s+([\s\S]*)$/;
/** The classic builder runs all through a shell, and marks with a no-op what is no RUN. */
const NO_OP = /^(?:\/bin\/sh -c|cmd \/S \/C|powershell[^#]{0,200})\s+#\(nop\)\s+/;
const SHELL = /^(?:\|\d+ (?:[^\s=]+=\S*\s+)*)?(?:\/bin\/(?:ba|da|a)?sh -[a-z]*c|cmd \/S \/C)\s+/;
const BUILDKIT_MARK = '# buildkit';

function splitVerb(line: string): Instruction | undefined {
  const match = VERBS.exec(line);
  if (match === null) return undefined;
  const [, verb, rest = ''] = match;
  return { verb, text: verb === 'RUN' ? rest.replace(SHELL, '').trim() : rest.trim() };
}

function withoutMark(line: string): string {
  return line.endsWith(BUILDKIT_MARK) ? line.slice(0, -BUILDKIT_MARK.length) : line;
}

/** Reads what docker, BuildKit and buildah write as `created_by`. Text they did not write stays as it is. */
export function readInstruction(createdBy: string): Instruction {
  const line = withoutMark(createdBy.trim()).replace(NO_OP, '').trim();
  const known = splitVerb(line);
  if (known !== undefined) return known;
  if (SHELL.test(line)) return { verb: 'RUN', text: line.replace(SHELL, '').trim() };
  return { verb: undefined, text: line };
}
