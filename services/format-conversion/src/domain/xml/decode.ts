/**
 * Characters of an XML part. Office packages are UTF-8 or UTF-16 (ECMA-376 part 2, section 8.1.4); the byte
 * order mark or the first two bytes tell which (XML 1.0, appendix F).
 */
export function decodeXmlText(input: Uint8Array): string {
  const [first, second] = input;
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0))
    return new TextDecoder('utf-16le').decode(input);
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c))
    return new TextDecoder('utf-16be').decode(input);
  return new TextDecoder('utf-8').decode(input);
}
