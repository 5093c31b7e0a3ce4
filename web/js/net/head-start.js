// The head start: requests what a player requests first, before the modules of the player have come.

import { averageSegmentSeconds, parsePlaylist, recordingEntry } from '../hls/playlist.js';
import { requestEarly } from './early-answers.js';
import { listenerHeaders } from './listener-id.js';

/** A start needs up to this much sound. Where the recording segment is shorter, the start needs the one before, too. */
const START_SECONDS = 0.55;

/**
 * @param {{info: string, lowLatencyPlaylist: string}} urls of the stream
 * @param {boolean} wantsSegments whether the segments at the live edge are wanted, too
 */
export async function requestAhead({ info, lowLatencyPlaylist }, wantsSegments) {
  const request = (url, cache = 'default') => requestEarly(url, cache, listenerHeaders(true));
  try {
    const early = { info: request(info, 'no-store'), playlist: request(lowLatencyPlaylist, 'no-cache') };
    const copies = await Promise.all([copy(early.info), copy(early.playlist)]);
    const { now } = await copies[0].json();
    const playlist = parsePlaylist(await copies[1].text(), lowLatencyPlaylist);
    const recording = recordingEntry(playlist);
    if (recording === null || recording.date === null) return;
    const recordedSeconds = (Date.parse(now) - recording.date) / 1000;
    const leftSeconds = averageSegmentSeconds(playlist) - recordedSeconds;
    // When the recording segment is complete, the playlist is out of date.
    early.playlist.expiresMs = early.info.receivedMs + 1000 * leftSeconds;
    const comesInParts = copies[0].headers.get('Ringcast-Follow') === 'parts';
    if (!wantsSegments || comesInParts || leftSeconds <= 0) return;
    if (recordedSeconds < START_SECONDS) request(playlist.entries.at(-1).url);
    request(recording.url);
  } catch {
    // The player makes the same requests, and reports what is wrong.
  }
}

/** A copy of the response, because the player reads the response itself. @throws {Error} for another status than 2xx */
async function copy(answer) {
  const response = await answer.response;
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.clone();
}
