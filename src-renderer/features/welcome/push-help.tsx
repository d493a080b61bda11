import { CopyButton } from '../../ui/copy-button.tsx';
import css from './welcome.module.css';

export type PushHelpProps = {
  /** `127.0.0.1:PORT` */
  readonly address: string;
};

function CommandLine({ text }: { readonly text: string }) {
  return (
    <div className={css['command']}>
      <code>{text}</code>
      <CopyButton text={text} what="command" />
    </div>
  );
}

/** How to put one's own image into the Local registry. */
export function PushHelp({ address }: PushHelpProps) {
  return (
    <section className={css['card']} aria-labelledby="push">
      <h2 id="push" className={css['cardTitle']}>
        Look at an image of your own
      </h2>
      <p className={css['note']}>
        Push it to the Local registry. Docker trusts 127.0.0.1 without TLS; it shows up here at once.
      </p>
      <CommandLine text={`docker tag my-image:latest ${address}/my-image:latest`} />
      <CommandLine text={`docker push ${address}/my-image:latest`} />
    </section>
  );
}
