import { PLAIN_REACH, type RegistryRowInput } from '#main/core/storage/registry-rows.ts';

/** A registry row with nothing special about it. */
export function aRegistryRow(changes: Partial<RegistryRowInput> = {}): RegistryRowInput {
  return {
    id: 'a1b2c3',
    host: 'registry.example.com',
    label: undefined,
    plainHttp: false,
    skipVerification: false,
    authKind: 'anonymous',
    username: undefined,
    account: undefined,
    reach: PLAIN_REACH,
    ...changes,
  };
}
