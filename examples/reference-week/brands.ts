/** Made-up brands that are imitated, with how much of the imitation each gets. */
export const BRANDS = [
  {name: "示例银行", country: "CN", sector: "finance-bank", weight: 30},
  {name: "样例商城", country: "CN", sector: "ecommerce", weight: 22},
  {name: "样例速递", country: "CN", sector: "transport", weight: 14},
  {name: "样例通信", country: "CN", sector: "telecom", weight: 10},
  {name: "样例证券", country: "CN", sector: "finance-securities", weight: 8},
  {name: "样例保险", country: "CN", sector: "finance-insurance", weight: 6},
  {name: "样例政务", country: "CN", sector: "gov", weight: 1},
  {name: "样例搜索", country: "CN", sector: "internet", weight: 9},
  {name: "Samplebank", country: "JP", sector: "finance-bank", weight: 3},
  {name: "Samplepay", country: "US", sector: "ecommerce", weight: 2},
] as const;

/** The brands as the data folder lists them. */
export function brandTable(): string {
  const rows = BRANDS.map(({name, country, sector}) => `${name},,${country},${sector},`);
  return ["brand,aliases,country,sector,domains", ...rows, ""].join("\n");
}
