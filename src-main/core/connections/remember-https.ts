import type { Logger } from '../ports.ts';
import type { RegistryRow, RegistryRows } from '../storage/registry-rows.ts';

/**
 * Notes in the row that its host was found over https, unless the row has become another one meanwhile. Never throws: a
 * row that cannot be written is a line in the log, and is tried again at the next start.
 */
export function rememberHttps(
  { id, host }: RegistryRow,
  { rows, logger }: { readonly rows: RegistryRows; readonly logger: Logger },
): void {
  try {
    const row = rows.find(id);
    if (row === undefined || row.host !== host || row.plainHttp || row.reach.httpsSeen === true) return;
    rows.update({ ...row, reach: { ...row.reach, httpsSeen: true } });
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    logger.log('warn', 'connections.https-not-remembered', { registryId: id, reason });
  }
}
