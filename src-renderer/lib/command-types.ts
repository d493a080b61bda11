export const COMMAND_TOOLS = ['docker', 'podman', 'crane', 'skopeo', 'regctl', 'oras'] as const;
export type CommandTool = (typeof COMMAND_TOOLS)[number];

/** What is on screen, as the tools need to know it. */
export type CommandTarget = {
  /** `docker.io`, `127.0.0.1:5000`. */
  readonly host: string;
  readonly repository: string;
  readonly tag?: string | undefined;
  readonly digest?: string | undefined;
  readonly kind: 'index' | 'image' | 'artifact' | 'schema1' | 'unknown';
  /** `linux/arm64/v8`: one platform of an index is meant. */
  readonly platform?: string | undefined;
  readonly plainHttp: boolean;
  readonly skipVerification: boolean;
};

export type CommandPurpose = 'pull' | 'pull-pinned' | 'manifest' | 'config' | 'list-tags';

export type Command =
  | {
      readonly kind: 'line';
      readonly purpose: CommandPurpose;
      readonly label: string;
      readonly text: string;
      /** What a person must know before it works. */
      readonly note?: string | undefined;
    }
  | {
      readonly kind: 'unavailable';
      readonly purpose: CommandPurpose;
      readonly label: string;
      readonly reason: string;
    };

/** A command before quoting: its words, or why this tool has none. */
export type Draft =
  | { readonly words: readonly string[]; readonly note?: string | undefined }
  | { readonly reason: string };

export type PurposeDraft = { readonly purpose: CommandPurpose; readonly draft: Draft };
