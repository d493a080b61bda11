import type { ReactNode } from 'react';
import { ControlSamples } from './control-samples.tsx';
import css from './gallery.module.css';
import { StateSamples } from './state-samples.tsx';
import { TextSamples } from './text-samples.tsx';
import { TransferSamples } from './transfer-samples.tsx';

type ThemedProps = { readonly theme: 'light' | 'dark'; readonly children: ReactNode };

function Themed({ theme, children }: ThemedProps) {
  return (
    <section className={css['themed']} data-scheme={theme} aria-label={theme}>
      {children}
    </section>
  );
}

/** Each part of ui/ in each state, light and dark side by side. In development builds only. */
export function GalleryPage() {
  return (
    <div className={css['page']}>
      <h1 className="visually-hidden">Gallery</h1>
      {(['light', 'dark'] as const).map((theme) => (
        <Themed key={theme} theme={theme}>
          <ControlSamples />
          <TextSamples />
          <StateSamples />
          <TransferSamples />
        </Themed>
      ))}
    </div>
  );
}
