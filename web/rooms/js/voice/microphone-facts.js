// The facts about a microphone: its constraints in each mode, the true properties of its track, and its loss. Pure.

import { text } from '../../../js/language/texts.js';
import { lostDevice } from '../call/devices.js';

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

const onOff = (value) => text(value ? 'voice.on' : 'voice.off');
const CHANNELS = { 1: 'common.mono', 2: 'common.stereo' };
/**
 * The members of MediaTrackSettings (Media Capture and Streams §4.3.8), each with its value in words. The texts of their
 * names have the names of the members.
 */
const FACTS = {
  sampleRate: (value) => text('common.kilohertz', { value: value / 1000 }),
  channelCount: (value) => (Object.hasOwn(CHANNELS, value) ? text(CHANNELS[value]) : String(value)),
  echoCancellation: onOff, noiseSuppression: onOff, autoGainControl: onOff,
  latency: (value) => text('common.milliseconds', { value: Math.round(1000 * value) }),
};
const SWITCHES = ['echoCancellation', 'noiseSuppression', 'autoGainControl'];

/**
 * @param {MediaTrackSettings} settings of the track
 * @param {MediaTrackCapabilities} capabilities of the track; empty where the browser does not tell them
 * @returns {[string, string][]} a property that the browser does not tell is left out
 */
export function factsOf(settings, capabilities) {
  return Object.entries(FACTS).filter(([key]) => settings[key] !== undefined).map(([key, words]) => {
    const possible = capabilities[key];
    let value = words(settings[key]);
    if (SWITCHES.includes(key) && possible?.length === 1) value = text('voice.fixed', { value });
    if (key === 'channelCount' && possible?.max > settings[key]) {
      value = text('voice.up-to', { value, most: possible.max });
    }
    return [text(`voice.${key}`), value];
  });
}

/** What happened when the microphone was lost, as a sentence. */
export function lossSentence(_, lost, next) {
  const device = lostDevice('microphone', lost);
  return next ? text('lost.voice-next', { device, next: next.label }) : text('lost.voice-none', { device });
}

/** What happened when a microphone came after the only one was lost, as a sentence. */
export const returnSentence = (_, device) => text('lost.voice-back', { name: device.label });
