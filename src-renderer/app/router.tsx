import { createHashRouter, type RouteObject } from 'react-router';
import { WelcomePage } from '../features/welcome/welcome-page.tsx';
import { ROUTES } from '../lib/paths.ts';
import { NotFoundPage } from './not-found-page.tsx';
import { PageFailed } from './page-failed.tsx';
import { Window } from './window.tsx';

// Pages beyond the first are loaded when they are gone to: the first paint needs none of them.
const pages: RouteObject[] = [
  { path: ROUTES.welcome, Component: WelcomePage },
  {
    path: ROUTES.registry,
    lazy: async () => ({ Component: (await import('../features/registry/registry-page.tsx')).RegistryPage }),
  },
  {
    path: ROUTES.repository,
    lazy: async () => ({ Component: (await import('../features/repository/repository-page.tsx')).RepositoryPage }),
  },
  { path: ROUTES.image, lazy: async () => ({ Component: (await import('./image-screen.tsx')).ImageScreen }) },
  {
    path: ROUTES.compare,
    lazy: async () => ({ Component: (await import('../features/compare/compare-page.tsx')).ComparePage }),
  },
  {
    path: ROUTES.settings,
    lazy: async () => ({ Component: (await import('../features/settings/settings-page.tsx')).SettingsPage }),
  },
  {
    path: ROUTES.log,
    lazy: async () => ({ Component: (await import('../features/log/log-page.tsx')).LogPage }),
  },
  ...[ROUTES.transfers, ROUTES.transfer].map((path): RouteObject => ({
    path,
    lazy: async () => ({ Component: (await import('../features/transfers/transfers-page.tsx')).TransfersPage }),
  })),
];

if (import.meta.env.MODE !== 'production') {
  pages.push({
    path: ROUTES.gallery,
    lazy: async () => ({ Component: (await import('../features/gallery/gallery-page.tsx')).GalleryPage }),
  });
}

export const router = createHashRouter([
  {
    Component: Window,
    children: [{ ErrorBoundary: PageFailed, children: [...pages, { path: '*', Component: NotFoundPage }] }],
  },
]);
