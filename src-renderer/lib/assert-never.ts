class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** Ends an exhaustive switch: a new case that is not handled does not compile. */
export function assertNever(value: never): never {
  throw new UnreachableError(`unhandled: ${JSON.stringify(value)}`);
}
