import { displayText } from '#shared/oci/display-text.ts';
import { savedText, saveProgressText } from '../../lib/save-text.ts';
import { saveFiles } from '../../queries/saves.ts';
import { registryErrorActions } from '../../state/registry-actions.ts';
import { useSaves, type FileSave } from '../../state/saves.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { CloseIcon, DownloadIcon, SuccessIcon } from '../../ui/icons.ts';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { startDownload } from '../../ui/start-download.ts';
import { LeftOut } from './left-out.tsx';
import { RevealButton } from './reveal-button.tsx';
import css from './saves.module.css';

export type SaveLineProps = { readonly save: FileSave };

/** One of them: how far it is, where it went, or why not. */
export function SaveLine({ save }: SaveLineProps) {
  if (save.state === 'saving') return <Saving save={save} />;
  if (save.state === 'failed') return <Failed save={save} />;
  return <Done save={save} />;
}

type In<State extends FileSave['state']> = { readonly save: Extract<FileSave, { readonly state: State }> };

function Saving({ save: { name, progress, elapsedMs, cancel } }: In<'saving'>) {
  const text = progress === undefined ? 'preparing…' : saveProgressText(progress, elapsedMs);
  const share =
    progress === undefined || progress.totalBytes === 0 ? undefined : progress.writtenBytes / progress.totalBytes;
  return (
    <div className={css['line']}>
      <DownloadIcon size={14} aria-hidden />
      <span role="status" className={css['name']}>
        Saving <SafeText text={name} />
      </span>
      <div className={css['bar']}>
        <ProgressBar label={`Saving ${displayText(name)}`} share={share} text={text} />
      </div>
      <span className={css['facts']}>{text}</span>
      <Button size="sm" onClick={cancel}>
        Cancel
      </Button>
    </div>
  );
}

function Dismiss({ id }: { readonly id: number }) {
  const remove = useSaves((state) => state.remove);
  return (
    <IconButton
      size="sm"
      label="Dismiss"
      icon={CloseIcon}
      onClick={() => {
        remove(id);
      }}
    />
  );
}

function Done({ save: { id, done, pathId } }: In<'done'>) {
  return (
    <div className={css['line']}>
      <SuccessIcon size={14} aria-hidden className={css['good']} />
      <span role="status" className={css['name']}>
        Saved <SafeText text={done.fileName} />
        <span className={css['muted']}> {pathId === undefined ? 'to your downloads' : 'where you chose'}</span>
      </span>
      <span className={css['facts']}>{savedText(done)}</span>
      {done.leftOutCount > 0 && <LeftOut done={done} />}
      {pathId !== undefined && <RevealButton pathId={pathId} />}
      <Dismiss id={id} />
    </div>
  );
}

function Failed({ save: { id, name, request, error } }: In<'failed'>) {
  const again = (leaveOutUnsafe: boolean) => {
    void saveFiles({ ...request, leaveOutUnsafe }, startDownload);
  };
  const isUnsafe = error.kind === 'files' && error.reason === 'unsafe-path';
  const retry = () => {
    again(request.leaveOutUnsafe === true);
  };
  // Another attempt would meet the same name.
  const { retry: _retry, ...actions } = registryErrorActions(request.target.registryId, retry);
  return (
    <div className={css['line']}>
      <span className={css['name']}>
        <span className={css['muted']}>Not saved:</span> <SafeText text={name} />
      </span>
      <div className={css['error']}>
        <ErrorState compact error={error} actions={isUnsafe ? actions : { ...actions, retry }} />
      </div>
      {isUnsafe && (
        <Button
          size="sm"
          onClick={() => {
            again(true);
          }}
        >
          Leave it out and save
        </Button>
      )}
      <Dismiss id={id} />
    </div>
  );
}
