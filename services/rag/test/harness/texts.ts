/** What the service does to texts, for those who measure it. */
export { promptedText } from '../../src/domain/text/embedding-prompts.ts';
export { sentencesOf } from '../../src/domain/text/sentences.ts';
