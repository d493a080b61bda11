import { Component, type ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorIcon, RefreshIcon } from '../ui/icons.ts';

export type PaneBoundaryProps = {
  /** What failed: `The tree`. */
  readonly name: string;
  /** Another page is another try. */
  readonly resetKey?: string;
  readonly children: ReactNode;
};

type State = { readonly failed: boolean; readonly resetKey: string | undefined };

/** A fault in one pane stays in that pane. */
export class PaneBoundary extends Component<PaneBoundaryProps, State> {
  override readonly state: State = { failed: false, resetKey: this.props.resetKey };

  static getDerivedStateFromProps(props: PaneBoundaryProps, state: State): State | null {
    return props.resetKey === state.resetKey ? null : { failed: false, resetKey: props.resetKey };
  }

  static getDerivedStateFromError(): Partial<State> {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    const retry = () => {
      this.setState({ failed: false });
    };
    return (
      <EmptyState
        icon={ErrorIcon}
        title={`${this.props.name} could not be drawn`}
        actions={
          <Button icon={RefreshIcon} onClick={retry}>
            Draw it again
          </Button>
        }
      >
        This is a fault in Gantry. The rest of the window still works.
      </EmptyState>
    );
  }
}
