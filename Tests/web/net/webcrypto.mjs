// Defines `crypto` in Node 18, the version of Debian 12, which has it under another name. Import this module first.

import { webcrypto } from 'node:crypto';

globalThis.crypto ??= webcrypto;
