/** What stands behind compressed data: zeros fill a block up, anything else does not belong there (T03). */
export class Padding {
  hasGarbage = false;

  add(bytes: Uint8Array): void {
    this.hasGarbage ||= bytes.some((byte) => byte !== 0);
  }
}
