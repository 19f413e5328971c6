/** Control characters but tab and line ends, non-characters, and halves of surrogate pairs. */
const FORBIDDEN = /(?![\t\n\r])[\p{Cc}\ufffe\uffff]|\p{Cs}/gu;

/** Text without the characters that XML 1.0 (section 2.2) forbids even as references. */
export function xmlSafe(text: string): string {
  return text.replace(FORBIDDEN, '');
}
