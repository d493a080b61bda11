import { ConflictError } from '../core/gantry-error.ts';
import type { Implementer } from './error-boundary.ts';

/** `transfers.*`: the shapes only, for those who build against them; the engine follows. */
export function transfersHandlers(os: Implementer) {
  const refuse = (): never => {
    throw new ConflictError('there is no transfer engine yet');
  };
  return {
    plan: os.transfers.plan.handler(refuse),
    watch: os.transfers.watch.handler(refuse),
    watchOne: os.transfers.watchOne.handler(refuse),
    start: os.transfers.start.handler(refuse),
    chooseDestination: os.transfers.chooseDestination.handler(refuse),
    pause: os.transfers.pause.handler(refuse),
    resume: os.transfers.resume.handler(refuse),
    cancel: os.transfers.cancel.handler(refuse),
    retry: os.transfers.retry.handler(refuse),
    decide: os.transfers.decide.handler(refuse),
    move: os.transfers.move.handler(refuse),
    remove: os.transfers.remove.handler(refuse),
    pauseAll: os.transfers.pauseAll.handler(refuse),
    resumeAll: os.transfers.resumeAll.handler(refuse),
    reveal: os.transfers.reveal.handler(refuse),
    downloadLink: os.transfers.downloadLink.handler(refuse),
  };
}
