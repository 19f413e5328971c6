/** Few texts have shorter tokens: an estimate is rather too much. */
const CHARACTERS_PER_TOKEN = 3;
/** A picture is as much as Anthropic makes of the largest, and not what its bytes are as a text. */
const PICTURE_CHARACTERS = 1_600 * CHARACTERS_PER_TOKEN;

/** Tokens of all texts in a value, roughly; a number is a token. */
export function estimatedTokens(value: unknown): number {
  return Math.ceil(charactersOf(value) / CHARACTERS_PER_TOKEN);
}

function charactersOf(value: unknown): number {
  if (typeof value === 'string') return value.startsWith('data:image/') ? PICTURE_CHARACTERS : value.length;
  if (typeof value === 'number') return CHARACTERS_PER_TOKEN;
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + charactersOf(item), 0);
  if (typeof value !== 'object' || value === null) return 0;
  if (isPicture(value)) return PICTURE_CHARACTERS;
  let sum = 0;
  for (const item of Object.values(value)) sum += charactersOf(item);
  return sum;
}

/** The source of a picture in Anthropic's words. */
function isPicture(value: object): boolean {
  const { type, media_type: mediaType } = value as { type?: unknown; media_type?: unknown };
  return type === 'base64' && typeof mediaType === 'string' && mediaType.startsWith('image/');
}
