import { Fragment } from 'react';
import { Link, useLocation } from 'react-router';
import { crumbsOf, referenceText } from '../lib/crumbs.ts';
import { parsePath } from '../lib/paths.ts';
import { keysOf } from '../lib/shortcuts.ts';
import { useRegistries } from '../queries/registries.ts';
import { useAddress } from '../state/address.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { EditIcon } from '../ui/icons.ts';
import { SafeText } from '../ui/safe-text.tsx';
import css from './address-bar.module.css';

const NAMES: Partial<Record<string, string>> = {
  welcome: 'Welcome',
  settings: 'Settings',
  log: 'Request log',
  transfers: 'Transfers',
  gallery: 'Gallery',
};

/** Each segment leads to its page; the empty rest of the bar begins to edit. */
export function AddressBreadcrumb() {
  const { pathname } = useLocation();
  const registries = useRegistries().data ?? [];
  const edit = useAddress((state) => state.edit);
  const place = parsePath(pathname);
  const crumbs = crumbsOf(place, registries);
  const reference = referenceText(place, registries);
  return (
    <>
      <nav aria-label="Breadcrumb" className={css['crumbs']}>
        {crumbs.length === 0 && <span className={css['page']}>{NAMES[place.kind] ?? ''}</span>}
        {crumbs.map((crumb, index) => (
          <Fragment key={`${crumb.joint}${crumb.path ?? crumb.text}`}>
            {crumb.joint !== '' && <span className={css['joint']}>{crumb.joint}</span>}
            {crumb.path === undefined ? (
              <span className={css['folder']}>
                <SafeText text={crumb.text} />
              </span>
            ) : (
              <Link
                to={crumb.path}
                className={css['crumb']}
                aria-current={index === crumbs.length - 1 ? 'page' : undefined}
              >
                <SafeText text={crumb.text} />
              </Link>
            )}
          </Fragment>
        ))}
      </nav>
      <button type="button" className={css['rest']} onClick={edit}>
        <span>{crumbs.length === 0 ? 'Paste any reference' : ''}</span>
        <span className="visually-hidden">Edit the address</span>
      </button>
      {reference !== '' && <CopyButton text={reference} what="reference" />}
      <IconButton size="sm" label="Edit the address" keys={keysOf('address')} icon={EditIcon} onClick={edit} />
    </>
  );
}
