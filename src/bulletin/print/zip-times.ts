const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_LENGTH = 22;

/**
 * Returns a copy of the zip file in which every entry has the same time, in UTC, so that equal content gives equal bytes.
 * Source: APPNOTE 4.3.7, 4.3.12 and 4.3.16; the archive must have no comment and no Zip64 parts.
 */
export function withFixedTimes(zip: Uint8Array, at: Date): Uint8Array {
  const copy = zip.slice();
  const view = new DataView(copy.buffer);
  const end = copy.length - END_LENGTH;
  if (view.getUint32(end, true) !== END) throw new Error("The zip file has no plain end record");
  let entry = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    const local = view.getUint32(entry + 42, true);
    if (view.getUint32(entry, true) !== CENTRAL || view.getUint32(local, true) !== LOCAL) {
      throw new Error("The zip file's directory is broken");
    }
    setTime(view, entry + 12, at);
    setTime(view, local + 10, at);
    const lengths = [28, 30, 32].map((offset) => view.getUint16(entry + offset, true));
    entry += 46 + lengths.reduce((sum, length) => sum + length, 0);
  }
  return copy;
}

/** Writes a time and date of MS-DOS: two seconds exact, years from 1980. */
function setTime(view: DataView, at: number, time: Date): void {
  const clock = (time.getUTCHours() << 11) | (time.getUTCMinutes() << 5) | (time.getUTCSeconds() >> 1);
  const year = Math.max(0, time.getUTCFullYear() - 1980);
  view.setUint16(at, clock, true);
  view.setUint16(at + 2, (year << 9) | ((time.getUTCMonth() + 1) << 5) | time.getUTCDate(), true);
}
