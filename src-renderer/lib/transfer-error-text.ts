import type { AppError } from '#shared/api/app-error.ts';

type Reason = Extract<AppError, { readonly kind: 'transfer' }>['reason'];

const TEXT: Readonly<Record<Reason, { readonly title: string; readonly detail: string }>> = {
  'same-destination': {
    title: 'Another row writes the same tag',
    detail: 'Two images would end at one name. Use {tag}, {name} or {repository} in the pattern to keep them apart.',
  },
  'bad-name': {
    title: 'The name is not one a registry takes',
    detail: 'The pattern gives a repository or tag with characters that are not allowed there, or too many of them.',
  },
  'no-platform': {
    title: 'None of the chosen platforms is in this image',
    detail: 'Choose others, or take it whole.',
  },
  cycle: {
    title: 'The index names itself',
    detail: 'Such an image has no end, so it is not copied.',
  },
  'too-deep': {
    title: 'The index is nested too deep',
    detail: 'There are more levels of indexes than any image has reason to have.',
  },
  'too-many': {
    title: 'Too much hangs on this image',
    detail: 'It has more manifests, layers or referrers than Gantry follows.',
  },
  'source-gone': {
    title: 'What was to be copied is not open any more',
    detail: 'The archive was closed, moved or deleted. Open it again and begin anew.',
  },
  'destination-gone': {
    title: 'The destination is not there any more',
    detail: 'Choose where to save to again.',
  },
  'changed-after': {
    title: 'The tag is another one already',
    detail: 'It was written, and read as something else right after. Somebody else writes it too.',
  },
  'schema1-refused': {
    title: 'The registry takes no Docker schema 1 any more',
    detail:
      'Keep the image in Local, or save it as an OCI layout or OCI archive: its bytes stay as they are there. To push it here, convert it first: skopeo copy --format v2s2 makes an image that registries take.',
  },
};

/** Why something could not be copied as it was asked for. */
export function transferErrorText(reason: Reason): { readonly title: string; readonly detail: string } {
  return TEXT[reason];
}
