import type { ConflictPolicy, PlanInput, TagFilter, TransferItem, TransferOptions } from '#shared/api/transfers.ts';
import validRange from 'semver/ranges/valid.js';
import { countClashes, patternProblem, previewName, type NameFacts, type NamePreview } from './name-pattern.ts';

/** Where to and how, as it is typed. */
export type DestinationForm = {
  readonly registryId: string;
  readonly repository: string;
  readonly tag: string;
};

/** Which tags of repositories, as it is typed: globs apart by commas or spaces. */
export type TagFilterForm = {
  readonly include: string;
  readonly exclude: string;
  readonly semver: string;
};

export type OptionsForm = {
  readonly platforms: readonly string[];
  readonly referrers: boolean;
  readonly foreignLayers: TransferOptions['foreignLayers'];
  readonly conflict: ConflictPolicy;
  readonly missingOnly: boolean;
};

export const NO_FILTER: TagFilterForm = { include: '', exclude: '', semver: '' };

type Field = keyof DestinationForm | keyof TagFilterForm;
export type CopyErrors = Partial<Readonly<Record<Field, string>>>;

const MOST_GLOBS = 50;

/** A comma inside of `{a,b}` belongs to the pattern. */
function globs(text: string): string[] {
  return text.split(/\s+|,(?![^{]*\})/).filter((glob) => glob !== '');
}

/** The filter of a plan; undefined when nothing is typed, which takes all. */
export function readFilter({ include, exclude, semver }: TagFilterForm): TagFilter | undefined {
  const range = semver.trim();
  const filter = { include: globs(include), exclude: globs(exclude), ...(range === '' ? {} : { semver: range }) };
  return filter.include.length + filter.exclude.length === 0 && range === '' ? undefined : filter;
}

/** What is wrong with a filter, by field. */
export function filterErrors({ include, exclude, semver }: TagFilterForm): CopyErrors {
  const tooMany = `${MOST_GLOBS} patterns at most`;
  return {
    ...(globs(include).length > MOST_GLOBS ? { include: tooMany } : {}),
    ...(globs(exclude).length > MOST_GLOBS ? { exclude: tooMany } : {}),
    ...(validRange(semver.trim()) === null ? { semver: 'Not a version range: try ^1.27, 1.x or >=2 <3' } : {}),
  };
}

/** Enough to see that the names are right; the engine looks at every one. */
const LOOKED_AT = 500;

export type DestinationCheck = {
  readonly previews: readonly NamePreview[];
  readonly clashCount: number;
  readonly errors: CopyErrors;
};

/** The names that the patterns give, and what is wrong with them, by field. */
export function checkDestination(form: DestinationForm, facts: readonly NameFacts[]): DestinationCheck {
  const problems = { repository: patternProblem(form.repository), tag: patternProblem(form.tag) };
  const previews = facts.slice(0, LOOKED_AT).map((each) => previewName(form, each));
  const wrong = previews.find(({ problem }) => problem !== undefined);
  const isTagWrong = wrong?.problem?.includes('not a tag') === true;
  const repository = problems.repository ?? (isTagWrong ? undefined : wrong?.problem);
  const tag = problems.tag ?? (isTagWrong ? wrong.problem : undefined);
  return {
    previews,
    clashCount: countClashes(previews),
    errors: {
      ...(form.registryId === '' ? { registryId: 'Choose a registry' } : {}),
      ...(repository === undefined ? {} : { repository }),
      ...(tag === undefined ? {} : { tag }),
    },
  };
}

export function hasErrors(errors: CopyErrors): boolean {
  return Object.keys(errors).length > 0;
}

/** The input of a plan that goes to a registry. */
export function planToRegistry(items: readonly TransferItem[], to: DestinationForm, options: OptionsForm): PlanInput {
  return {
    items: [...items],
    destination: { kind: 'registry', registryId: to.registryId, repository: to.repository.trim(), tag: to.tag.trim() },
    options: { ...options, platforms: [...options.platforms] },
  };
}
