/**
 * BLAKE2b with a chosen length. Node has the 64-byte form only, and the 32-byte form is another hash, not a part of it;
 * the checksum inside a minisign key needs it. For a hundred bytes at a time: short, not fast.
 * Source: RFC 7693.
 */
const IV = [
  0x6a09e667f3bcc908n,
  0xbb67ae8584caa73bn,
  0x3c6ef372fe94f82bn,
  0xa54ff53a5f1d36f1n,
  0x510e527fade682d1n,
  0x9b05688c2b3e6c1fn,
  0x1f83d9abfb41bd6bn,
  0x5be0cd19137e2179n,
] as const;

/** In which order each round takes the 16 words of a block; rounds 11 and 12 begin anew. */
const ORDER = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
  [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
  [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
  [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
  [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
] as const;

/** Which four words of the state are mixed together: first the columns, then the diagonals. */
const MIXED = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const;

const BLOCK = 128;
const ROUNDS = 12;

/** Returns the BLAKE2b hash of the data, `length` bytes long (1 to 64), without a key. */
export function blake2b(data: Uint8Array, length: number): Buffer {
  const state = BigUint64Array.from(IV);
  state[0] = (state[0] ?? 0n) ^ 0x01010000n ^ BigInt(length);
  const blocks = Math.max(1, Math.ceil(data.length / BLOCK));
  for (let i = 0; i < blocks; i++) {
    const block = Buffer.alloc(BLOCK);
    block.set(data.subarray(i * BLOCK, (i + 1) * BLOCK));
    const isLast = i === blocks - 1;
    compress(state, block, {seen: isLast ? data.length : (i + 1) * BLOCK, isLast});
  }
  const hash = Buffer.alloc(64);
  state.forEach((word, i) => {
    hash.writeBigUInt64LE(word, i * 8);
  });
  return hash.subarray(0, length);
}

function compress(state: BigUint64Array, block: Buffer, {seen, isLast}: {seen: number; isLast: boolean}): void {
  const words = BigUint64Array.from({length: 16}, (_, i) => block.readBigUInt64LE(i * 8));
  const v = BigUint64Array.from([...state, ...IV]); // its elements wrap at 64 bits by themselves
  v[12] = at(v, 12) ^ BigInt(seen);
  if (isLast) v[14] = ~at(v, 14);
  for (let round = 0; round < ROUNDS; round++) {
    const order = ORDER[round % ORDER.length] ?? ORDER[0];
    MIXED.forEach((quarter, i) => {
      mix(v, quarter, [at(words, order[2 * i] ?? 0), at(words, order[2 * i + 1] ?? 0)]);
    });
  }
  for (let i = 0; i < 8; i++) state[i] = at(state, i) ^ at(v, i) ^ at(v, i + 8);
}

function mix(v: BigUint64Array, [a, b, c, d]: (typeof MIXED)[number], [x, y]: readonly [bigint, bigint]): void {
  v[a] = at(v, a) + at(v, b) + x;
  v[d] = rotate(at(v, d) ^ at(v, a), 32n);
  v[c] = at(v, c) + at(v, d);
  v[b] = rotate(at(v, b) ^ at(v, c), 24n);
  v[a] = at(v, a) + at(v, b) + y;
  v[d] = rotate(at(v, d) ^ at(v, a), 16n);
  v[c] = at(v, c) + at(v, d);
  v[b] = rotate(at(v, b) ^ at(v, c), 63n);
}

function rotate(word: bigint, bits: bigint): bigint {
  return (word >> bits) | (word << (64n - bits));
}

function at(words: BigUint64Array, i: number): bigint {
  return words[i] ?? 0n;
}
