import { spawn } from 'node:child_process';

/** The system's own opener, with the address as an argument of its own: no shell reads it. */
function openerOf(platform: NodeJS.Platform, address: string): readonly [string, ...string[]] {
  if (platform === 'darwin') return ['open', address];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', address];
  return ['xdg-open', address];
}

/** True where a browser can be seen: always, but for a Linux without X11 or Wayland. */
export function hasDisplay(platform = process.platform, env = process.env): boolean {
  if (platform !== 'linux') return true;
  return [env['DISPLAY'], env['WAYLAND_DISPLAY']].some((display) => display !== undefined && display !== '');
}

/**
 * Opens the address in the person's browser, if it can be done. When it cannot, the address stands in the terminal.
 * While the opener runs its arguments are visible to other users of the machine; that is why the code in the address
 * is good once and for a minute only.
 */
export function openBrowser(address: string): void {
  const [program, ...args] = openerOf(process.platform, address);
  const child = spawn(program, args, { detached: true, stdio: 'ignore' });
  child.on('error', () => undefined);
  child.unref();
}
