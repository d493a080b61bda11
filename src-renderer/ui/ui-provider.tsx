import { CSPProvider } from '@base-ui/react/csp-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import type { ReactNode } from 'react';
import { Announcer } from './announcer.tsx';
import { HostConfirmsLinks } from './external-link.tsx';

export type UiProviderProps = {
  readonly hostConfirmsLinks: boolean;
  readonly children: ReactNode;
};

/** What the parts of ui/ need around them. The content security policy allows no style elements, so none are made. */
export function UiProvider({ hostConfirmsLinks, children }: UiProviderProps) {
  return (
    <CSPProvider disableStyleElements>
      <Tooltip.Provider delay={400}>
        <HostConfirmsLinks value={hostConfirmsLinks}>{children}</HostConfirmsLinks>
      </Tooltip.Provider>
      <Announcer />
    </CSPProvider>
  );
}
