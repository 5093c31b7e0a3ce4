// Requests the first sound. The browser runs this script before the modules that play the sound have come.

import { requestAhead } from './net/head-start.js';
import { loadPreferences } from './page/preferences.js';
import { namedInHead, streamURLs } from './page/stream-urls.js';
import { latencyModeIn } from './playback/latency-modes.js';

const { prefersLowestLatency } = latencyModeIn(location) ?? loadPreferences().latencyMode;
// The mode with the lowest latency requests other URLs for the segments.
requestAhead(streamURLs(location, namedInHead()), !prefersLowestLatency);
