export { controllers } from '../../../src/controllers.ts';
