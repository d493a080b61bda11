import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { API_DOCS_PATH, renderApiDocs } from './docs/render-api-docs.ts';

mkdirSync(dirname(API_DOCS_PATH), { recursive: true });
writeFileSync(API_DOCS_PATH, await renderApiDocs());
console.log('docs/api.md written');
