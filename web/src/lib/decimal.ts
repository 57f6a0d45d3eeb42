/** Adds exact decimals, such as "19.90" and "-0.50". The sum has the digits of the amount that has the most. */
export function sum(amounts: readonly string[]): string {
  const digits = Math.max(0, ...amounts.map(fraction));
  const units = amounts.reduce((total, a) => total + BigInt(a.replace('.', '') + '0'.repeat(digits - fraction(a))), 0n);
  const text = String(units < 0n ? -units : units).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  return `${units < 0n ? '-' : ''}${whole}${digits > 0 ? `.${text.slice(-digits)}` : ''}`;
}

function fraction(amount: string): number {
  return amount.split('.')[1]?.length ?? 0;
}
