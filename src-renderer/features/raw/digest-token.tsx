import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { FoundDescriptor } from '../../lib/json-descriptors.ts';
import { imagePath } from '../../lib/paths.ts';
import { layerInstruction, layerName } from '../../lib/layer-text.ts';
import { useSelection, type Selection } from '../../state/selection.ts';
import type { RawViewerPlace } from './raw-place.ts';
import css from './raw.module.css';

export type DigestTokenProps = {
  /** With its quotes. */
  readonly lexeme: string;
  readonly place: RawViewerPlace;
  readonly descriptors: ReadonlyMap<string, FoundDescriptor>;
  readonly children: ReactNode;
};

/** What the inspector shows for a digest that is no manifest: a layer, also by its diff id, or another blob. */
function selectionOf(digest: string, place: RawViewerPlace, found: FoundDescriptor | undefined): Selection | undefined {
  const { registryId, repository, image } = place;
  const layers = image?.layers ?? [];
  const index = layers.findIndex(({ descriptor, diffId }) => descriptor.digest === digest || diffId === digest);
  const layer = layers[index];
  if (image !== undefined && layer !== undefined) {
    const instruction = layerInstruction(image, index);
    return { kind: 'layer', registryId, repository, layer, index, instruction };
  }
  if (found === undefined) return undefined;
  const label = found.role === 'config' ? 'Config' : 'Blob';
  return { kind: 'descriptor', registryId, repository, descriptor: found.descriptor, label };
}

function hint(selection: Selection | undefined): string {
  if (selection?.kind === 'layer') return `${layerName(selection.index)}: show in the inspector`;
  return selection === undefined ? 'Nothing here refers to this digest' : 'Show in the inspector';
}

/** A digest in the document: manifests open, the config shows its own text, blobs show in the inspector. */
export function DigestToken({ lexeme, place, descriptors, children }: DigestTokenProps) {
  const select = useSelection((state) => state.select);
  const digest = lexeme.slice(1, -1);
  const found = descriptors.get(digest);
  const { registryId, repository, sources, onSource } = place;
  if (found?.role === 'manifest') {
    return (
      <Link to={imagePath({ registryId, repository, reference: digest })} className={css['digest']} title="Open">
        {children}
      </Link>
    );
  }
  if (found?.role === 'config' && sources.some(({ value }) => value === 'config')) {
    return (
      <button
        type="button"
        className={css['digest']}
        title="Show the config"
        onClick={() => {
          onSource('config');
        }}
      >
        {children}
      </button>
    );
  }
  const selection = selectionOf(digest, place, found);
  if (selection === undefined) return <span title={hint(selection)}>{children}</span>;
  return (
    <button
      type="button"
      className={css['digest']}
      title={hint(selection)}
      onClick={() => {
        select(selection);
      }}
    >
      {children}
    </button>
  );
}
