import { parseDigest } from '#shared/oci/digest.ts';
import { Badge } from '../../ui/badge.tsx';
import { Bytes } from '../../ui/bytes.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Digest } from '../../ui/digest.tsx';
import { ExternalLink } from '../../ui/external-link.tsx';
import { KeyIcon } from '../../ui/icons.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { KeyValueList } from '../../ui/key-value-list.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { Sample } from './sample.tsx';

const DIGEST = parseDigest(`sha256:${'9f8a3c21b7d4e605'.repeat(4)}`);
const HOSTILE = 'name\u202Egnp.exe\u0000 \u200Bhidden';

export function TextSamples() {
  return (
    <>
      <Sample name="Badges">
        <Badge>neutral</Badge>
        <Badge tone="accent">accent</Badge>
        <Badge tone="success">success</Badge>
        <Badge tone="warning" icon={KeyIcon}>
          warning
        </Badge>
        <Badge tone="danger">danger</Badge>
        <Badge mono>linux/amd64</Badge>
        <Kbd>Ctrl K</Kbd>
      </Sample>
      <Sample name="Values">
        <KeyValueList
          entries={[
            { key: 'Digest', value: <Digest digest={DIGEST} /> },
            { key: 'Whole digest', value: <Digest digest={DIGEST} full /> },
            { key: 'Size', value: <Bytes bytes={71_512_345} /> },
            { key: 'Created', value: <TimeAgo time="2026-11-18T09:41:07Z" /> },
            { key: 'No date', value: <TimeAgo time={undefined} /> },
            { key: 'Hostile text', value: <SafeText text={HOSTILE} /> },
            { key: 'Link', value: <ExternalLink href="https://example.com/docs" /> },
            { key: 'Not a link', value: <ExternalLink href="javascript:alert(1)" /> },
            { key: 'Copy', value: <CopyButton text="docker pull nginx" what="command" labelled /> },
          ]}
        />
      </Sample>
    </>
  );
}
