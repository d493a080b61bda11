const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const REPOSITORY = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`);
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;

/** Spec: OCI distribution 1.1, "Pulling manifests", `<name>`; at most 255 characters. */
export function isRepositoryName(text: string): boolean {
  return text.length <= 255 && REPOSITORY.test(text);
}

/** Spec: OCI distribution 1.1, "Pulling manifests", `<reference>` as a tag. */
export function isTag(text: string): boolean {
  return TAG.test(text);
}
