import type { SingleImageView } from '#shared/api/images.ts';
import { displayText } from '#shared/oci/display-text.ts';
import type { ImagePanelProps } from '../../lib/image-panel.ts';
import { readInstruction } from '../../lib/instruction.ts';
import { layerInstruction, layerName } from '../../lib/layer-text.ts';
import { useSelection } from '../../state/selection.ts';
import { Banner } from '../../ui/banner.tsx';
import { Bytes } from '../../ui/bytes.tsx';
import { LongText } from '../../ui/long-text.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Section } from '../../ui/section.tsx';
import css from './config.module.css';

type HistoryListProps = Pick<ImagePanelProps, 'registryId' | 'repository'> & { readonly image: SingleImageView };
type HistoryLine = SingleImageView['history'][number];

const ASIDE: Readonly<Record<SingleImageView['historyState'], string>> = {
  mapped: 'each line beside the layer it made',
  missing: 'none',
  mismatch: 'not matched with layers',
};

/** The lines that built the image, oldest first. */
export function HistoryList(props: HistoryListProps) {
  const { image } = props;
  const lines = image.history.map((line, index) => ({ line, key: String(index) }));
  return (
    <Section title="History" aside={ASIDE[image.historyState]}>
      {image.historyState === 'missing' && (
        <p className={css['muted']}>
          This image carries no history: whoever built it left out which instruction made which layer.
        </p>
      )}
      {image.historyState === 'mismatch' && (
        <Banner tone="warning">
          The history and the layers do not fit each other, so no line is put beside a layer. Both are shown as they
          are.
        </Banner>
      )}
      {lines.length > 0 && (
        <ol className={css['history']}>
          {lines.map(({ line, key }) => (
            <li key={key} className={css['line']}>
              <LayerCell {...props} line={line} />
              <InstructionText line={line} />
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}

function LayerCell({ image, registryId, repository, line }: HistoryListProps & { readonly line: HistoryLine }) {
  const select = useSelection((state) => state.select);
  const layer = line.layerIndex === undefined ? undefined : image.layers[line.layerIndex];
  const index = line.layerIndex ?? 0;
  if (layer === undefined) {
    return <span className={css['noLayer']}>{line.emptyLayer ? 'no layer' : 'layer unknown'}</span>;
  }
  return (
    <span className={css['layer']}>
      <button
        type="button"
        className={css['layerButton']}
        onClick={() => {
          select({ kind: 'layer', registryId, repository, layer, index, instruction: layerInstruction(image, index) });
        }}
      >
        {layerName(index)}
      </button>
      <span className={css['size']}>
        <Bytes bytes={layer.descriptor.sizeBytes} />
      </span>
    </span>
  );
}

function InstructionText({ line }: { readonly line: HistoryLine }) {
  const { createdBy = '', comment } = line;
  const { verb, text } = readInstruction(createdBy);
  return (
    <span className={css['instruction']} title={displayText(createdBy, { multiline: true })}>
      {verb !== undefined && <span className={css['verb']}>{verb}</span>}{' '}
      {createdBy === '' ? (
        <span className={css['none']}>no instruction recorded</span>
      ) : (
        <code className={css['text']}>
          <LongText text={text} />
        </code>
      )}
      {comment !== undefined && comment !== '' && comment !== 'buildkit.dockerfile.v0' && (
        <span className={css['comment']}>
          <SafeText text={comment} />
        </span>
      )}
    </span>
  );
}
