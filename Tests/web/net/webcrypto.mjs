// What a browser has and Node 18, Debian 12's, has under another name. To be imported first.

import { webcrypto } from 'node:crypto';

globalThis.crypto ??= webcrypto;
