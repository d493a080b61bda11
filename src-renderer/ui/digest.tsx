import { shortDigest, type Digest as DigestValue } from '#shared/oci/digest.ts';
import { CopyButton } from './copy-button.tsx';
import css from './digest.module.css';
import { Tooltip } from './tooltip.tsx';

export type DigestProps = {
  readonly digest: DigestValue;
  /** The whole of it, wrapped, instead of its first twelve digits. */
  readonly full?: boolean;
  readonly copy?: boolean;
};

/** A digest in monospace: short, the whole of it on hover and focus, with a copy button. */
export function Digest({ digest, full = false, copy = true }: DigestProps) {
  return (
    <span className={css['digest']}>
      {full ? (
        <code className={css['full']}>{digest}</code>
      ) : (
        <Tooltip content={<code className={css['full']}>{digest}</code>}>
          <code className={css['short']}>{shortDigest(digest)}</code>
        </Tooltip>
      )}
      {copy && <CopyButton text={digest} what="digest" />}
    </span>
  );
}
