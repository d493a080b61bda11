import { contextBridge, ipcRenderer, webUtils } from 'electron';

// Sandboxed: nothing but Electron can be loaded here, so the two names are said once more in rpc-port.ts and in the
// renderer's host/message-port.ts; test/electron fails when they part.
const HAND_OVER = 'gantry:port';

let handedOver = false;

/** Takes the one port that the page makes for itself. A second one, or one from another frame, is left alone. */
function handOver(event: MessageEvent): void {
  const [port] = event.ports;
  if (handedOver || event.source !== window || event.data !== HAND_OVER || port === undefined) return;
  handedOver = true;
  window.removeEventListener('message', handOver);
  ipcRenderer.postMessage(HAND_OVER, undefined, [port]);
}

window.addEventListener('message', handOver);

/**
 * Tells the page which way its host is reached, and where a file lies that a person has dropped onto it or chosen; empty
 * for one that a script made. Neither `ipcRenderer` nor an event of it ever gets there.
 */
contextBridge.exposeInMainWorld('gantry', {
  transport: 'message-port',
  pathOfFile: (file: File): string => webUtils.getPathForFile(file),
});
