import type { SingleImageView } from '#shared/api/images.ts';
import type { ImagePanelProps } from '../../lib/image-panel.ts';
import { formatNanoseconds } from '../../lib/format-time.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { UnknownIcon } from '../../ui/icons.ts';
import { KeyValueList, type KeyValue } from '../../ui/key-value-list.tsx';
import { Pairs } from '../../ui/pairs.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Section } from '../../ui/section.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { Words } from '../../ui/words.tsx';
import css from './config.module.css';
import { HistoryList } from './history-list.tsx';

/** How a container of this image starts, and how the image came about. */
export function ConfigPanel(props: ImagePanelProps) {
  const { shown } = props;
  if (shown.kind !== 'image') {
    return (
      <EmptyState icon={UnknownIcon} title="No image config">
        This is not a container image, so nothing says how to start it. What its config holds is under Raw.
      </EmptyState>
    );
  }
  return (
    <div className={css['scroll']}>
      <div className={css['content']}>
        <Section title="Process">
          <KeyValueList entries={processFacts(shown)} />
        </Section>
        <Environment image={shown} />
        <Labels image={shown} />
        <HistoryList {...props} image={shown} />
      </div>
    </div>
  );
}

function none(text: string) {
  return <span className={css['none']}>{text}</span>;
}

function words(list: readonly string[] | undefined) {
  return list === undefined || list.length === 0 ? none('not set') : <Words words={list} />;
}

function text(value: string | undefined, absent: string) {
  return value === undefined || value === '' ? none(absent) : <SafeText text={value} />;
}

function healthFacts({ config }: SingleImageView): readonly KeyValue[] {
  const { healthcheck } = config;
  if (healthcheck === undefined) return [];
  const times = [
    ['every', healthcheck.intervalNs],
    ['timeout', healthcheck.timeoutNs],
    ['after', healthcheck.startPeriodNs],
  ] as const;
  const said = times.flatMap(([name, value]) => (value === undefined ? [] : `${name} ${formatNanoseconds(value)}`));
  if (healthcheck.retries !== undefined) said.push(`${healthcheck.retries} retries`);
  return [
    {
      key: 'Healthcheck',
      value: (
        <>
          {words(healthcheck.test)} <span className={css['muted']}>{said.join(', ')}</span>
        </>
      ),
    },
  ];
}

function listFacts({ config }: SingleImageView): readonly KeyValue[] {
  const lists = [
    ['Ports', config.ports],
    ['Volumes', config.volumes],
    ['Shell', config.shell ?? []],
    ['On build', config.onBuild],
  ] as const;
  return lists.filter(([, list]) => list.length > 0).map(([key, list]) => ({ key, value: <Words words={list} /> }));
}

function processFacts(image: SingleImageView): readonly KeyValue[] {
  const { config } = image;
  return [
    { key: 'Entrypoint', value: words(config.entrypoint) },
    { key: 'Cmd', value: words(config.cmd) },
    { key: 'User', value: text(config.user, 'root, not set') },
    { key: 'Working directory', value: text(config.workingDir, '/, not set') },
    ...listFacts(image),
    ...healthFacts(image),
    ...(config.stopSignal === undefined ? [] : [{ key: 'Stop signal', value: <SafeText text={config.stopSignal} /> }]),
    { key: 'Platform', value: <SafeText text={image.platformText} /> },
    { key: 'Created', value: <TimeAgo time={config.created} /> },
    ...(config.author === undefined ? [] : [{ key: 'Author', value: <SafeText text={config.author} /> }]),
  ];
}

function splitVariable(line: string): readonly [string, string] {
  const at = line.indexOf('=');
  return at === -1 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
}

function Environment({ image }: { readonly image: SingleImageView }) {
  const { env } = image.config;
  return (
    <Section title="Environment" aside={env.length === 0 ? 'none' : env.length}>
      {env.length > 0 && <Pairs label="Environment" pairs={env.map(splitVariable)} />}
    </Section>
  );
}

function Labels({ image }: { readonly image: SingleImageView }) {
  const { labels } = image.config;
  return (
    <Section title="Labels" aside={labels.length === 0 ? 'none' : labels.length}>
      {labels.length > 0 && <Pairs label="Labels" pairs={labels} />}
    </Section>
  );
}
