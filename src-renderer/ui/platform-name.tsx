import { SafeText } from './safe-text.tsx';

/** A platform as `os/architecture/variant:version`, which breaks before the version where it has to. */
export function PlatformName({ text }: { readonly text: string }) {
  const [platform = '', ...version] = text.split(/(?<=:)/);
  return (
    <>
      <SafeText text={platform} />
      {version.length > 0 && (
        <>
          <wbr />
          <SafeText text={version.join('')} />
        </>
      )}
    </>
  );
}
