/**
 * Where the 34 province-level units of China stand in the tile grid: GB/T 2260 code → column, row. Neighbours stay
 * neighbours and the compass holds, as well as squares allow. It is a diagram, not a map: it draws no border.
 */
export const PROVINCE_PLACES: Readonly<Record<string, readonly [column: number, row: number]>> = {
  "23": [7, 0],
  "15": [4, 1],
  "22": [7, 1],
  "65": [0, 2],
  "62": [1, 2],
  "64": [2, 2],
  "61": [3, 2],
  "14": [4, 2],
  "11": [5, 2],
  "12": [6, 2],
  "21": [7, 2],
  "54": [0, 3],
  "63": [1, 3],
  "51": [2, 3],
  "50": [3, 3],
  "41": [4, 3],
  "13": [5, 3],
  "37": [6, 3],
  "53": [2, 4],
  "52": [3, 4],
  "42": [4, 4],
  "34": [5, 4],
  "32": [6, 4],
  "31": [7, 4],
  "45": [3, 5],
  "43": [4, 5],
  "36": [5, 5],
  "33": [6, 5],
  "44": [4, 6],
  "35": [5, 6],
  "71": [7, 6],
  "46": [3, 7],
  "82": [4, 7],
  "81": [5, 7],
};

/** The size of the grid. */
export const PROVINCE_COLUMNS = 8;
/** The size of the grid. */
export const PROVINCE_ROWS = 8;
