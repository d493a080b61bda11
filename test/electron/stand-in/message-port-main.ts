import { EventEmitter } from 'node:events';

/** The main process's end of a port whose other end lies in the page. Messages wait until `start`, as in Electron. */
export class MessagePortMain extends EventEmitter {
  static readonly open = new Set<MessagePortMain>();
  #send: ((data: unknown) => void) | undefined;
  #waiting: unknown[] | undefined = [];

  constructor(send: (data: unknown) => void) {
    super();
    this.#send = send;
    MessagePortMain.open.add(this);
  }

  start(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const data of waiting) this.emit('message', { data, ports: [] });
  }

  postMessage(data: unknown): void {
    if (this.#send === undefined) throw new Error('the port is closed');
    this.#send(data);
  }

  close(): void {
    if (this.#send === undefined) return;
    this.#send = undefined;
    MessagePortMain.open.delete(this);
    this.emit('close');
  }

  /** A message from the page. */
  receive(data: unknown): void {
    if (this.#send === undefined) return;
    if (this.#waiting === undefined) this.emit('message', { data, ports: [] });
    else this.#waiting.push(data);
  }
}
