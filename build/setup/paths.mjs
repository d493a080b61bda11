import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// These scripts run before anything is installed, on Node 20 or newer: no dependency, no TypeScript here.
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const inRoot = (...parts) => resolve(root, ...parts);
