// Run by the storage tests as a program of its own: opens the database in argv[2] and adds ten registries named argv[3].
import { openStorage } from '#main/core/storage/open-storage.ts';
import { createSystemClock } from '#main/core/system/system-clock.ts';
import { aRegistryRow } from './registry-row.ts';

const [, , dataDir = '', name = ''] = process.argv;
const events: string[] = [];
const storage = openStorage({
  dataDir,
  clock: createSystemClock(),
  logger: { log: (_level, event) => void events.push(event) },
});
for (let count = 0; count < 10; count += 1) {
  const id = `${name}-${count}`;
  storage.registries.insert(aRegistryRow({ id, host: `${id}.example` }));
  storage.pins.add({ registryId: id, repository: 'app' });
  storage.settings.write({ last: id });
}
storage.close();
process.stdout.write(JSON.stringify(events));
