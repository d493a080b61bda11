import { createContext, use, useState, type ReactNode } from 'react';
import { ConfirmDialog } from './confirm-dialog.tsx';
import css from './external-link.module.css';
import { ExternalLinkIcon } from './icons.ts';
import { SafeText } from './safe-text.tsx';

/** True: the host asks before it opens a link, so the page does not. Set once by the app from the capabilities. */
export const HostConfirmsLinks = createContext(false);

export type ExternalLinkProps = {
  readonly href: string;
  /** The text; the address itself when absent. */
  readonly children?: ReactNode;
};

function parseHttp(href: string): URL | undefined {
  const url = URL.parse(href);
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') ? url : undefined;
}

/**
 * A link out of the app. Asks first and shows the host it leads to; only http and https become links, all else
 * stays text.
 */
export function ExternalLink({ href, children }: ExternalLinkProps) {
  const hostConfirms = use(HostConfirmsLinks);
  const [asking, setAsking] = useState(false);
  const url = parseHttp(href);
  const text = children ?? <SafeText text={href} />;
  if (url === undefined) return text;
  const open = () => {
    setAsking(false);
    window.open(url.href, '_blank', 'noopener,noreferrer');
  };
  return (
    <>
      <button
        type="button"
        role="link"
        className={css['link']}
        onClick={() => {
          if (hostConfirms) open();
          else setAsking(true);
        }}
      >
        {text}
        <ExternalLinkIcon size={12} aria-hidden />
      </button>
      <ConfirmDialog
        open={asking}
        title={`Open ${url.host}?`}
        confirmLabel="Open link"
        onConfirm={open}
        onClose={() => {
          setAsking(false);
        }}
      >
        <p className={css['note']}>This address comes from the registry, not from Gantry:</p>
        <code className={css['address']}>
          <SafeText text={url.href} />
        </code>
      </ConfirmDialog>
    </>
  );
}
