/** How much the tests of faults do: little with every change, all of it by `npm run faults`. */
const FEW = {kills: 5, reports: 6, moments: 1, cuts: 2, fills: 1, everyPoint: false} as const;
const ALL = {kills: 100, reports: 12, moments: 10, cuts: 20, fills: 5, everyPoint: true} as const;

/** Rounds of each test. */
export const SIZE = process.env["WATCHFLOOR_FAULTS"] === "full" ? ALL : FEW;
