import { QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { RouterProvider } from 'react-router/dom';
import { queryClient } from '../queries/client.ts';
import { useHostInfo } from '../queries/host.ts';
import { UiProvider } from '../ui/ui-provider.tsx';
import { router } from './router.tsx';
import { Session } from './session.tsx';

function Ui({ children }: { readonly children: ReactNode }) {
  const capabilities = useHostInfo().data?.capabilities;
  return <UiProvider hostConfirmsLinks={capabilities?.confirmsExternalLinks ?? false}>{children}</UiProvider>;
}

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <Ui>
        <Session>
          <RouterProvider router={router} />
        </Session>
      </Ui>
    </QueryClientProvider>
  );
}
