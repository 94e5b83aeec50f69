import { writeFile } from 'node:fs/promises';
import { bundle, BUNDLE_PATH } from './workflow-code.js';

const { code } = await bundle();
await writeFile(BUNDLE_PATH, code);
