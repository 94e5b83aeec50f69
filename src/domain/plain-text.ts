// The rule stands in the engine, because workflow code needs it too and may import nothing else of domain.
export { plainText } from './engine/plain-text.js';
