import { ExternalLink } from '../../ui/external-link.tsx';
import css from './inspector.module.css';

/** Where a blob's bytes may also be found. Links only when they are http or https, and never opened without asking. */
export function UrlFacts({ urls }: { readonly urls: readonly string[] }) {
  if (urls.length === 0) return null;
  return (
    <section className={css['block']} aria-label="Addresses">
      <h3 className={css['blockTitle']}>Addresses</h3>
      <ul className={css['urls']}>
        {urls.map((url) => (
          <li key={url}>
            <ExternalLink href={url} />
          </li>
        ))}
      </ul>
    </section>
  );
}
