import { ensureBrowser, findBrowser } from './browser.ts';

await ensureBrowser({ say: console.error });
console.log(findBrowser());
