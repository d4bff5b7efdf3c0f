/** Returns a number with one decimal, half up; a hair is added for halves that binary fractions put below themselves. */
export function oneDecimal(value: number): string {
  return (Math.floor(value * 10 + 0.5 + 1e-9) / 10).toFixed(1);
}
