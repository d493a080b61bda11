import type { Priority, RegistryClient } from './registry-client.ts';

/** The same client, whose calls wait in this lane unless they say otherwise. Closing it closes the client. */
export function withPriority(client: RegistryClient, priority: Priority): RegistryClient {
  return {
    ...client,
    ping: (call) => client.ping({ priority, ...call }),
    listRepositories: (call) => client.listRepositories({ priority, ...call }),
    listTags: (call) => client.listTags({ priority, ...call }),
    headManifest: (call) => client.headManifest({ priority, ...call }),
    getManifest: (call) => client.getManifest({ priority, ...call }),
    getBlob: (call) => client.getBlob({ priority, ...call }),
    openBlob: (call) => client.openBlob({ priority, ...call }),
    openBlobAt: (call) => client.openBlobAt({ priority, ...call }),
    headBlob: (call) => client.headBlob({ priority, ...call }),
    pushBlob: (call) => client.pushBlob({ priority, ...call }),
    cancelUpload: (call) => client.cancelUpload({ priority, ...call }),
    pushManifest: (call) => client.pushManifest({ priority, ...call }),
    addReferrer: (call) => client.addReferrer({ priority, ...call }),
    listReferrers: (call) => client.listReferrers({ priority, ...call }),
  };
}
