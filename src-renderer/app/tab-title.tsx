import { isDigest, shortDigest } from '#shared/oci/digest.ts';
import { assertNever } from '../lib/assert-never.ts';
import { parsePath, type Place } from '../lib/paths.ts';
import { useRegistries } from '../queries/registries.ts';
import {
  CompareIcon,
  ImageIcon,
  LogIcon,
  RegistryIcon,
  RepositoryIcon,
  SettingsIcon,
  TransfersIcon,
  UnknownIcon,
  WelcomeIcon,
  type Icon,
} from '../ui/icons.ts';

export type TabTitle = {
  /** Short, for the strip. */
  readonly text: string;
  /** The whole of it, for the hint and the window. */
  readonly full: string;
  readonly icon: Icon;
};

function lastSegment(repository: string): string {
  return repository.slice(repository.lastIndexOf('/') + 1);
}

/** Pages of which there is one. */
const PAGES = {
  welcome: { text: 'Welcome', full: 'Welcome', icon: WelcomeIcon },
  settings: { text: 'Settings', full: 'Settings', icon: SettingsIcon },
  compare: { text: 'Compare', full: 'Compare', icon: CompareIcon },
  log: { text: 'Request log', full: 'Request log', icon: LogIcon },
  transfers: { text: 'Transfers', full: 'Transfers', icon: TransfersIcon },
  gallery: { text: 'Gallery', full: 'Gallery', icon: UnknownIcon },
  unknown: { text: 'Not found', full: 'Not found', icon: UnknownIcon },
} as const satisfies Partial<Record<Place['kind'], TabTitle>>;

function titleOf(place: Place, hostOf: (registryId: string) => string): TabTitle {
  return 'registryId' in place ? titleIn(place, hostOf) : PAGES[place.kind];
}

type PlaceInRegistry = Extract<Place, { readonly registryId: string }>;

function titleIn(place: PlaceInRegistry, hostOf: (registryId: string) => string): TabTitle {
  switch (place.kind) {
    case 'registry':
      return { text: hostOf(place.registryId), full: hostOf(place.registryId), icon: RegistryIcon };
    case 'repository':
      return {
        text: lastSegment(place.repository),
        full: `${hostOf(place.registryId)}/${place.repository}`,
        icon: RepositoryIcon,
      };
    case 'image': {
      const { reference, repository } = place;
      const suffix = isDigest(reference) ? `@${shortDigest(reference, 8)}` : `:${reference}`;
      const whole = isDigest(reference) ? `@${reference}` : `:${reference}`;
      return {
        text: `${lastSegment(repository)}${suffix}`,
        full: `${hostOf(place.registryId)}/${repository}${whole}`,
        icon: ImageIcon,
      };
    }
    default:
      return assertNever(place);
  }
}

/** Titles for addresses, with the labels of the registries they are in. */
export function useTabTitles(): (path: string) => TabTitle {
  const registries = useRegistries().data;
  return (path) => titleOf(parsePath(path), (id) => registries?.find((registry) => registry.id === id)?.label ?? id);
}
