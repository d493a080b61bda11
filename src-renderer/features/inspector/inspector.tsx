import { useSelection, type Selection } from '../../state/selection.ts';
import { DescriptorDetails } from './descriptor-details.tsx';
import { ImageDetails } from './image-details.tsx';
import css from './inspector.module.css';
import { LayerDetails } from './layer-details.tsx';
import { RegistryDetails, RepositoryDetails } from './place-details.tsx';
import { TagDetails } from './tag-details.tsx';

function Details({ selection }: { readonly selection: Selection }) {
  switch (selection.kind) {
    case 'registry':
      return <RegistryDetails {...selection} />;
    case 'repository':
      return <RepositoryDetails {...selection} />;
    case 'tag':
      return <TagDetails {...selection} />;
    case 'image':
      return <ImageDetails {...selection} />;
    case 'descriptor':
      return <DescriptorDetails {...selection} />;
    case 'layer':
      return <LayerDetails {...selection} />;
    case 'none':
    default:
      return <p className={css['hint']}>Select a repository, a tag or a layer to see its details here.</p>;
  }
}

/** The details of what is selected, ready to copy, and the commands for it. */
export function Inspector() {
  const selection = useSelection((state) => state.selection);
  return (
    <div className={css['inspector']}>
      <Details selection={selection} />
    </div>
  );
}
