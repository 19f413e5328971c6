import { child, childrenNamed, type XmlElement } from '../../xml/element.ts';

/** Vocabularies whose `mc:Choice` branches this reader understands. */
const UNDERSTOOD = /^(wps|wpg|wpc|wpi|w1[456]\w*|a14|m)$/;

/** The branch of an `mc:AlternateContent` to read (ECMA-376 part 3, section 7.6). */
export function chosenAlternative(element: XmlElement): XmlElement | undefined {
  const choice = childrenNamed(element, 'mc:Choice').find(({ attributes }) =>
    (attributes['Requires'] ?? '').split(/\s+/).every((prefix) => UNDERSTOOD.test(prefix)),
  );
  return choice ?? child(element, 'mc:Fallback');
}
