/** Fields that carry a signature which a write may rest on. */
const SIGNED_FIELDS: ReadonlySet<string> = new Set(['receipt', 'record']);
/** Has the shape of a signature, so that the state still reads as one. */
const WITHHELD = 'withheld.withheld.withheld';

/** A value without receipts and signed records: they stay where they are checked. */
export function withoutAuthority(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutAuthority);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, SIGNED_FIELDS.has(key) && typeof one === 'string' ? WITHHELD : withoutAuthority(one)]),
  );
}
