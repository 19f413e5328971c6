import type { Metadata } from '../document/document.ts';
import { child, textOf } from '../xml/element.ts';
import type { OpcPackage } from './package.ts';

/** The core properties of a package (ECMA-376 part 2, section 11). */
export function readCoreProperties(source: OpcPackage): Metadata {
  const root = source.relatedXml('', 'core-properties');
  const value = (name: string): string => textOf(child(root, name)).trim();
  const [title, creator, subject, keywords] = ['dc:title', 'dc:creator', 'dc:subject', 'cp:keywords'].map(value);
  const [language, created, modified] = ['dc:language', 'dcterms:created', 'dcterms:modified'].map(value);
  return {
    ...(title ? { title } : {}),
    ...(creator ? { authors: creator.split(/;\s*/) } : {}),
    ...(subject ? { subject } : {}),
    ...(keywords ? { keywords: keywords.split(/[,;]\s*/) } : {}),
    ...(language ? { language } : {}),
    ...(created ? { created } : {}),
    ...(modified ? { modified } : {}),
  };
}
