export { ApiError, toApiError } from './api-error.ts';
export { api, type Client } from './client.ts';
export { session, type SessionState } from './session.ts';
