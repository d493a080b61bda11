import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { RepositoryIcon } from '../../ui/icons.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { Sample } from './sample.tsx';

function noop(): void {
  // Samples lead nowhere.
}

const TRACE = { method: 'GET', url: 'https://registry.example.com/v2/_catalog', status: 401, hop: 'registry' } as const;

export function StateSamples() {
  return (
    <>
      <Sample name="Waiting">
        <Spinner label="Loading" />
        <Skeleton width={120} />
        <Skeleton width={64} />
      </Sample>
      <Sample name="Banners">
        <Banner>Something to know.</Banner>
        <Banner tone="success">It worked.</Banner>
        <Banner tone="warning" actions={<Button size="sm">Mend</Button>}>
          Something to be careful with.
        </Banner>
        <Banner tone="danger">It failed.</Banner>
      </Sample>
      <Sample name="Empty">
        <EmptyState icon={RepositoryIcon} title="No repositories" actions={<Button>Pin a repository…</Button>}>
          The registry answers, and shows nothing to this account.
        </EmptyState>
      </Sample>
      <Sample name="Errors">
        <ErrorState
          error={{
            kind: 'unauthorized',
            hadCredential: false,
            codes: [{ code: 'UNAUTHORIZED', message: 'authentication required' }],
            trace: TRACE,
          }}
          actions={{ retry: noop, 'sign-in': noop }}
        />
        <ErrorState
          compact
          error={{ kind: 'network', reason: 'refused', host: 'registry.example.com', detail: 'ECONNREFUSED' }}
          actions={{ retry: noop }}
        />
      </Sample>
    </>
  );
}
