import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { API_DOCS_PATH, renderApiDocs } from './docs/render-api-docs.ts';
import { HOSTILE_CASES_PATH, renderHostileCases } from './docs/render-hostile-cases.ts';

mkdirSync(dirname(API_DOCS_PATH), { recursive: true });
writeFileSync(API_DOCS_PATH, await renderApiDocs());
writeFileSync(HOSTILE_CASES_PATH, renderHostileCases());
console.log('docs/api.md and docs/hostile-cases.md written');
