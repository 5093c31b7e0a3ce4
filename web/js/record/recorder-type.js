// The format in which this browser records.

/** The formats of MediaRecorder, the best ones first, with the name by which the station knows each. */
const TYPES = [
  ['audio/webm;codecs=opus', 'webm'], ['audio/ogg;codecs=opus', 'ogg'], ['audio/mp4;codecs=mp4a.40.2', 'mp4'],
  ['audio/mp4', 'mp4'], ['audio/webm', 'webm'],
];

/**
 * @param {string[]} formats those that the station takes
 * @param {(type: string) => boolean} isSupported MediaRecorder.isTypeSupported
 * @returns {string?} null where the browser has none of them
 */
export const recorderType = (formats, isSupported) =>
  TYPES.find(([type, format]) => formats.includes(format) && isSupported(type))?.[0] ?? null;
