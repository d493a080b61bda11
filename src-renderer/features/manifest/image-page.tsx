import { useEffect } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { chooseChild, type ImagePanels } from '../../lib/image-panel.ts';
import { imagePath, isImageTab, PLATFORM_PARAM, REFERRER_OF_PARAM, type ImageTab } from '../../lib/paths.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { useImage, useOptionalImage, type ImageRef } from '../../queries/images.ts';
import { useChoices } from '../../state/choices.ts';
import { useMoving } from '../../state/moving.ts';
import { useSelection } from '../../state/selection.ts';
import { useErrorActions } from '../../state/use-error-actions.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { ImageHeader } from './image-header.tsx';
import css from './image-page.module.css';
import { ImageSkeleton } from './image-skeleton.tsx';
import { imageTabs } from './image-tabs.ts';
import { Warnings } from './warnings.tsx';

export type ImagePageProps = {
  /** What each tab shows; put together by the app, so that no feature knows another. */
  readonly panels: ImagePanels;
};

/** What a reference points to: the index, and one platform of it. */
function useImagePage(ref: ImageRef, asked: string | undefined) {
  const remembered = useChoices((state) => state.platform);
  const root = useImage(ref);
  const index = root.data?.kind === 'index' ? root.data : undefined;
  const child = index === undefined ? undefined : chooseChild(index, asked, remembered);
  const childImage = useOptionalImage(ref, child?.descriptor.digest);
  const chosen = index === undefined || child === undefined ? undefined : { index, child };
  return { root, chosen, childImage };
}

/** What the address says is to be shown. */
function useAddress() {
  const { registryId = '', repository = '', reference = '', tab } = useParams();
  const [search] = useSearchParams();
  return {
    registryId,
    repository,
    reference,
    tab,
    platform: search.get(PLATFORM_PARAM) ?? undefined,
    referrerOf: search.get(REFERRER_OF_PARAM) ?? undefined,
  };
}

/** One image, index or artifact, in tabs. */
export function ImagePage({ panels }: ImagePageProps) {
  const { registryId, repository, reference, tab, platform, referrerOf } = useAddress();
  const navigate = useNavigate();
  const ref = { registryId, repository, reference };
  const active: ImageTab = isImageTab(tab) ? tab : 'overview';
  const { root, chosen, childImage } = useImagePage({ ...ref, referrerOf }, platform);
  const setPlatform = useChoices((state) => state.setPlatform);
  const Panel = panels[active];
  const shown = chosen === undefined ? root.data : childImage.data;
  useInspectorFor(ref, chosen?.child.descriptor.digest);
  usePicked(ref);
  const go = (next: ImageTab, child: string | undefined) => {
    // Drawn before the next click: a platform is chosen on the tab that was chosen before it, and the other way round.
    void navigate(imagePath({ ...ref, tab: next, platform: child, referrerOf }), { flushSync: true });
  };
  return (
    <section className={css['page']} aria-label={`Image ${repository} ${reference}`}>
      <ImageHeader
        {...ref}
        view={root.data}
        chosen={chosen}
        onChoose={(child) => {
          setPlatform(child.platformText);
          go(active, child.descriptor.digest);
        }}
        onRefresh={() => void root.refetch()}
        isFetching={root.isFetching}
      />
      {root.data !== undefined && (
        <Tabs
          label="Image"
          value={active}
          tabs={imageTabs(root.data, shown)}
          onChange={(next) => {
            go(next, platform);
          }}
        >
          <Warnings root={root.data} shown={shown} onRetry={() => void root.refetch()} />
          {root.error !== null && <PageError compact registryId={registryId} query={root} />}
          {shown === undefined ? (
            <Waiting registryId={registryId} query={childImage} />
          ) : (
            <Panel key={root.data.digest} {...ref} root={root.data} shown={shown} chosen={chosen} />
          )}
        </Tabs>
      )}
      {root.data === undefined && <Waiting registryId={registryId} query={root} />}
    </section>
  );
}

type FailedQuery = { readonly error: unknown; readonly refetch: () => Promise<unknown> };

type PageErrorProps = {
  readonly registryId: string;
  readonly query: FailedQuery;
  /** What is shown is from an earlier look: the error takes one line above it. */
  readonly compact?: boolean;
};

function PageError({ registryId, query, compact = false }: PageErrorProps) {
  const actions = useErrorActions(registryId, () => void query.refetch());
  return <ErrorState compact={compact} error={appErrorOf(query.error)} actions={actions} />;
}

function Waiting({ registryId, query }: { readonly registryId: string; readonly query: FailedQuery }) {
  return query.error === null ? <ImageSkeleton /> : <PageError registryId={registryId} query={query} />;
}

/** Commands that name no image are about the one that is shown. */
function usePicked({ registryId, repository, reference }: ImageRef): void {
  const pick = useMoving((state) => state.pick);
  useEffect(() => {
    pick([{ kind: 'image', registryId, repository, reference }]);
    return () => {
      pick([]);
    };
  }, [pick, registryId, repository, reference]);
}

function useInspectorFor({ registryId, repository, reference }: ImageRef, platform: string | undefined): void {
  const select = useSelection((state) => state.select);
  useEffect(() => {
    select({ kind: 'image', registryId, repository, reference, platform });
  }, [select, registryId, repository, reference, platform]);
}
