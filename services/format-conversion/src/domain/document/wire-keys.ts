/** Keys of the model that consist of two words, with the snake_case form that the HTTP API uses. */
const PAIRS = [
  ['headerRows', 'header_rows'],
  ['assetId', 'asset_id'],
  ['mediaType', 'media_type'],
] as const;

const TO_WIRE = new Map<string, string>(PAIRS);
const FROM_WIRE = new Map<string, string>(PAIRS.map(([model, wire]) => [wire, model]));

export function toWireKeys(value: unknown): unknown {
  return rename(value, TO_WIRE);
}

export function fromWireKeys(value: unknown): unknown {
  return rename(value, FROM_WIRE);
}

function rename(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((element) => rename(element, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [names.get(key) ?? key, rename(inner, names)]));
}
