export { ApiError, toApiError } from './api-error.ts';
export { api, type Client } from './client.ts';
export { pathOfFile } from './bridge.ts';
export { session, type SessionState } from './session.ts';
export { type Upload, uploadFile } from './upload-file.ts';
