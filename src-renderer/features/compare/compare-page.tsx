import { useNavigate, useSearchParams } from 'react-router';
import { comparePath, readComparePlace, type ComparePoint } from '../../lib/compare-place.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { useComparison } from '../../queries/compare.ts';
import { useErrorActions } from '../../state/use-error-actions.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { CompareIcon, SwapIcon } from '../../ui/icons.ts';
import { Waiting } from '../../ui/waiting.tsx';
import css from './compare.module.css';
import { ComparedView } from './compared-view.tsx';
import { SideCard } from './side-card.tsx';

/** Two images beside each other: config, layers, files, packages. */
export function ComparePage() {
  const [query] = useSearchParams();
  const navigate = useNavigate();
  const { left, right } = readComparePlace(query);
  const go = (change: { readonly left?: ComparePoint | undefined; readonly right?: ComparePoint | undefined }) => {
    // Drawn before the next click: the other side is chosen beside this one.
    void navigate(comparePath({ left, right, ...change }), { replace: true, flushSync: true });
  };
  return (
    <section className={css['page']} aria-label="Compare">
      <header className={css['sides']}>
        <SideCard
          side="left"
          point={left}
          other={right}
          onChoose={(point) => {
            go({ left: point });
          }}
        />
        <IconButton
          label="Swap sides"
          icon={SwapIcon}
          onClick={() => {
            go({ left: right, right: left });
          }}
        />
        <SideCard
          side="right"
          point={right}
          other={left}
          onChoose={(point) => {
            go({ right: point });
          }}
        />
      </header>
      {left === undefined || right === undefined ? (
        <EmptyState icon={CompareIcon} title="Choose two images">
          Paste a reference on each side, or drag a tag onto it. Elsewhere, drop one tag on another, or take “Compare
          with…” from its menu.
        </EmptyState>
      ) : (
        <Comparison key={comparePath({ left, right })} left={left} right={right} />
      )}
    </section>
  );
}

type BothSides = { readonly left: ComparePoint; readonly right: ComparePoint };

function Comparison({ left, right }: BothSides) {
  const comparison = useComparison(left, right);
  const actions = useErrorActions(left.registryId, () => void comparison.refetch());
  if (comparison.error !== null) return <ErrorState error={appErrorOf(comparison.error)} actions={actions} />;
  if (comparison.data === undefined) {
    return (
      <Waiting
        title="Comparing what both say of themselves"
        progress={comparison.progress}
        isStopped={comparison.isStopped}
        onStop={comparison.stop}
        onAgain={() => void comparison.refetch()}
      />
    );
  }
  return <ComparedView left={left} right={right} comparison={comparison.data} />;
}
