import { useHostInfo } from '../../queries/host.ts';
import { useDialogs } from '../../state/dialogs.ts';
import { Button } from '../../ui/button.tsx';
import { AddIcon } from '../../ui/icons.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { PushHelp } from './push-help.tsx';
import { SampleImages } from './sample-images.tsx';
import { Suggestions } from './suggestions.tsx';
import css from './welcome.module.css';

/** The first page: never empty, since the Local registry is there with sample images. */
export function WelcomePage() {
  const show = useDialogs((state) => state.show);
  const local = useHostInfo().data?.localRegistry;
  return (
    <div className={css['page']}>
      <header className={css['head']}>
        <div>
          <h1 className={css['title']}>Welcome to Gantry</h1>
          <p className={css['lead']}>
            See what is in a registry, and what is in an image. Paste any reference with <Kbd>Ctrl L</Kbd>, find
            anything with <Kbd>Ctrl K</Kbd>.
          </p>
        </div>
        <Button
          variant="primary"
          icon={AddIcon}
          onClick={() => {
            show({ kind: 'connect', prefill: {} });
          }}
        >
          Add a registry
        </Button>
      </header>
      <div className={css['columns']}>
        <SampleImages />
        <Suggestions />
      </div>
      {local?.state === 'running' && <PushHelp address={local.address} />}
    </div>
  );
}
