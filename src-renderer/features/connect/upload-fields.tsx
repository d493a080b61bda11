import { TextField } from '../../ui/text-field.tsx';
import css from './connect.module.css';
import type { FormPartProps } from './form-part.ts';
import { HostListField } from './host-list-field.tsx';

/** How blobs are sent, and where to besides the registry. */
export function UploadFields({ form, errors, onChange }: FormPartProps) {
  return (
    <div className={css['uploads']}>
      <HostListField
        name="uploadHosts"
        label="Upload servers"
        hint="Where this registry may have image content sent instead: over https, never with your password or token."
        placeholder="storage.example.com"
        addLabel="Allow"
        removeLabel={(host) => `No longer send uploads to ${host}`}
        hosts={form.uploadHosts}
        error={errors.uploadHosts}
        onChange={(uploadHosts) => {
          onChange({ uploadHosts });
        }}
      />
      <TextField
        label="Upload chunks (MiB)"
        name="uploadChunk"
        inputMode="decimal"
        autoComplete="off"
        placeholder="whole blobs"
        hint="For a proxy that cuts long uploads."
        value={form.uploadChunk}
        error={errors.uploadChunk}
        onChange={(uploadChunk) => {
          onChange({ uploadChunk });
        }}
      />
    </div>
  );
}
