import { useAddress } from '../state/address.ts';
import { AddressBreadcrumb } from './address-breadcrumb.tsx';
import { AddressField } from './address-field.tsx';
import css from './address-bar.module.css';

/** Where one is, as a breadcrumb; where to go, as a field that takes any pasted reference. */
export function AddressBar() {
  const editing = useAddress((state) => state.editing);
  return <div className={css['bar']}>{editing ? <AddressField /> : <AddressBreadcrumb />}</div>;
}
