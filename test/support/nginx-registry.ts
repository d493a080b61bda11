import { type Nginx, type NginxServer, PASS_ON, startNginx } from './nginx.ts';

type Front = Pick<NginxServer, 'tls' | 'clientAuthority'>;

/** A registry as it is, behind TLS or not. `registry` is `host:port` of a plain http server. */
export function startFront(registry: string, front: Front = {}): Promise<Nginx> {
  return startNginx([{ ...front, locations: () => `location / { proxy_pass http://${registry}; ${PASS_ON} }` }]);
}

/** The API below a path: `/mirror/v2/…`. Anything else is not there. */
export function startPrefixedFront(registry: string, prefix: string, front: Front = {}): Promise<Nginx> {
  const locations = () => `
    location ${prefix}/ { proxy_pass http://${registry}/; ${PASS_ON} }
    location / { return 404; }`;
  return startNginx([{ ...front, locations }]);
}

/** Repositories below a name: `/v2/hub/library/x/…` is `library/x` of the registry, as mirrors of Docker Hub do it. */
export function startNamespacedFront(registry: string, namespace: string, front: Front = {}): Promise<Nginx> {
  const locations = () => `
    location = /v2/ { proxy_pass http://${registry}; ${PASS_ON} }
    location ~ ^/v2/${namespace}/(.*)$ { proxy_pass http://${registry}/v2/$1$is_args$args; ${PASS_ON} }
    location / { return 404; }`;
  return startNginx([{ ...front, locations }]);
}

/** Blobs are answered with 307 to a second server on another port, which serves them to whoever asks. */
export function startRedirectingFront(registry: string, front: Front = {}): Promise<Nginx> {
  const scheme = front.tls === undefined ? 'http' : 'https';
  const storage: NginxServer = {
    ...(front.tls === undefined ? {} : { tls: front.tls }),
    locations: () => `location / { proxy_pass http://${registry}; ${PASS_ON} }`,
  };
  const locations = (ports: readonly number[]) => `
    location ~ ^/v2/.*/blobs/sha256: {
      if ($request_method = GET) { return 307 ${scheme}://127.0.0.1:${ports[1]}$request_uri; }
      proxy_pass http://${registry}; ${PASS_ON}
    }
    location / { proxy_pass http://${registry}; ${PASS_ON} }`;
  return startNginx([{ ...front, locations }, storage]);
}

/** One request a second; the others get 429 as Docker Hub words it. Every answer tells the limit in Hub's form. */
export function startLimitedFront(registry: string): Promise<Nginx> {
  const limits = 'add_header ratelimit-limit "100;w=21600" always; add_header ratelimit-remaining "99;w=21600" always;';
  const body = `{"errors":[{"code":"TOOMANYREQUESTS","message":"You have reached your pull rate limit."}]}`;
  const locations = () => `
    ${limits}
    location / {
      limit_req zone=one; limit_req_status 429; error_page 429 = @limited;
      proxy_pass http://${registry}; ${PASS_ON}
    }
    location @limited {
      ${limits} add_header Retry-After 1 always; add_header Content-Type application/json always;
      return 429 '${body}';
    }`;
  return startNginx([{ locations }], { http: 'limit_req_zone $server_port zone=one:64k rate=1r/s;' });
}

/** Bodies at `bytesPerSecond`, on each connection. */
export function startSlowFront(registry: string, bytesPerSecond: number): Promise<Nginx> {
  const pass = PASS_ON.replace('proxy_buffering off;', '');
  return startNginx([
    { locations: () => `location / { limit_rate ${bytesPerSecond}; proxy_pass http://${registry}; ${pass} }` },
  ]);
}
