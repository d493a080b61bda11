/** What the preload of a desktop window puts there: a sandboxed script, which can import nothing of ours. */
export type Bridge = {
  readonly transport: 'message-port';
  /** Empty for a file that did not come from the disk. */
  readonly pathOfFile: (file: File) => string;
};

declare global {
  interface Window {
    readonly gantry?: Bridge;
  }
}

/**
 * Where a file lies that a person dropped or chose. Undefined where the host takes no paths (`capabilities.localPaths`),
 * and for what did not come from the disk.
 */
export function pathOfFile(file: File): string | undefined {
  const path = window.gantry?.pathOfFile(file);
  return path === '' ? undefined : path;
}
