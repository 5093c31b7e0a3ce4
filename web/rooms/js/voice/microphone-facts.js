// The facts about a microphone: its constraints in each mode, the true properties of its track, and its loss. Pure.

/** @typedef {'speech' | 'music'} MicrophoneMode */

export const channelsOf = (mode) => (mode === 'music' ? 2 : 1);

/**
 * The constraints of getUserMedia. They never name a sample rate: the sound is resampled here.
 * @param {MicrophoneMode} mode
 * @param {string?} id null for the browser's choice
 */
export function constraintsIn(mode, id) {
  const isSpeech = mode === 'speech';
  return {
    audio: {
      ...(id !== null && { deviceId: { exact: id } }),
      echoCancellation: isSpeech, noiseSuppression: isSpeech, autoGainControl: isSpeech,
      channelCount: { ideal: channelsOf(mode) }, latency: { ideal: 0.01 },
    },
  };
}

const onOff = (value) => (value ? 'on' : 'off');
const CHANNELS = { 1: 'mono', 2: 'stereo' };
/** The members of MediaTrackSettings (Media Capture and Streams §4.3.8), each with its name and its value in words. */
const FACTS = [
  ['sampleRate', 'Sample rate', (value) => `${value / 1000} kHz`],
  ['channelCount', 'Channels', (value) => CHANNELS[value] ?? String(value)],
  ['echoCancellation', 'Echo cancellation', onOff],
  ['noiseSuppression', 'Noise suppression', onOff],
  ['autoGainControl', 'Gain control', onOff],
  ['latency', 'Latency', (value) => `${Math.round(1000 * value)} ms`],
];
const SWITCHES = ['echoCancellation', 'noiseSuppression', 'autoGainControl'];

/**
 * @param {MediaTrackSettings} settings of the track
 * @param {MediaTrackCapabilities} capabilities of the track; empty where the browser does not tell them
 * @returns {[string, string][]} a property that the browser does not tell is left out
 */
export function factsOf(settings, capabilities) {
  return FACTS.filter(([key]) => settings[key] !== undefined).map(([key, name, words]) => {
    const possible = capabilities[key];
    const isFixed = SWITCHES.includes(key) && possible?.length === 1;
    const most = key === 'channelCount' && possible?.max > settings[key] ? `, up to ${possible.max}` : '';
    return [name, `${words(settings[key])}${isFixed ? ' (fixed)' : ''}${most}`];
  });
}

/** What happened when the microphone was lost, as a sentence. */
export function lossSentence(_, lost, next) {
  const name = lost ? `The microphone “${lost.label}”` : 'The microphone';
  return next
    ? `${name} is gone. You are now heard through “${next.label}”.`
    : `${name} is gone, and there is no other one. Nobody hears you.`;
}

/** What happened when a microphone came after the only one was lost, as a sentence. */
export const returnSentence = (_, device) =>
  `The microphone “${device.label}” is connected. You are heard through it.`;
