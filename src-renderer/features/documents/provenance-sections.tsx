import type { Provenance } from '#shared/api/documents.ts';
import type { Pairs as PairList } from '#shared/oci/descriptor.ts';
import { formatCount } from '../../lib/format-bytes.ts';
import { KeyValueList, type KeyValue } from '../../ui/key-value-list.tsx';
import { Pairs } from '../../ui/pairs.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Section } from '../../ui/section.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import css from './documents.module.css';

function textFact(key: string, value: string | undefined): readonly KeyValue[] {
  return value === undefined ? [] : [{ key, value: <SafeText text={value} /> }];
}

function timeFact(key: string, value: string | undefined): readonly KeyValue[] {
  return value === undefined ? [] : [{ key, value: <TimeAgo time={value} /> }];
}

/** `sha1:2f3a…`, each on a line of its own. */
function digestText(digests: PairList): string {
  return digests.map(([algorithm, value]) => `${algorithm}:${value}`).join(' ');
}

function sourceFacts({ source }: Provenance): readonly KeyValue[] {
  if (source === undefined) return [];
  return [
    ...textFact('Source', source.uri),
    ...textFact('At', source.digests.length === 0 ? undefined : digestText(source.digests)),
    ...textFact('Entry point', source.entryPoint),
  ];
}

/** Who built it, from what, and how. Spec: SLSA provenance 0.2 and 1.0. */
export function ProvenanceSections({ provenance }: { readonly provenance: Provenance }) {
  const { version, builder, buildType, invocationId, startedOn, finishedOn, parameters } = provenance;
  return (
    <>
      <Section title="Build" aside={`SLSA provenance ${version}`}>
        <KeyValueList
          entries={[
            ...textFact('Builder', builder),
            ...sourceFacts(provenance),
            ...textFact('Build type', buildType),
            ...timeFact('Started', startedOn),
            ...timeFact('Finished', finishedOn),
            ...textFact('Invocation', invocationId),
          ]}
        />
      </Section>
      {parameters.length > 0 && (
        <Section title="Parameters" aside={formatCount(parameters.length)}>
          <Pairs label="Parameters" pairs={parameters} />
        </Section>
      )}
      <Materials provenance={provenance} />
    </>
  );
}

function Materials({ provenance: { materials, materialCount } }: { readonly provenance: Provenance }) {
  if (materialCount === 0) return null;
  return (
    <Section title="Materials" aside={formatCount(materialCount)}>
      <ul className={css['materials']}>
        {materials.map(({ uri, digests }) => (
          <li key={`${uri} ${digestText(digests)}`}>
            <SafeText text={uri} />
            <code className={css['digest']}>
              <SafeText text={digestText(digests)} />
            </code>
          </li>
        ))}
      </ul>
      {materials.length < materialCount && (
        <p className={css['muted']}>… and {formatCount(materialCount - materials.length)} more.</p>
      )}
    </Section>
  );
}
