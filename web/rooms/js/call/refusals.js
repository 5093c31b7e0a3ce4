// Refusals: the reasons for which a browser gives no camera, no microphone or no call, each in a sentence and with advice.

import { text } from '../../../js/language/texts.js';

/**
 * @typedef {object} Refusal
 * @property {string} sentence
 * @property {string} advice
 * @property {string} [link] an address that the advice speaks of
 */

/** @typedef {'microphone' | 'camera'} DeviceKind */

/**
 * The reason for which this page cannot take part in calls at all, or only without devices.
 * @param {object} browser
 * @param {boolean} browser.hasPeerConnection
 * @param {boolean} browser.hasMediaDevices
 * @param {boolean} browser.isSecureContext
 * @param {string} browser.secureOrigin the origin of the page's address, with https
 * @returns {(Refusal & {isFinal: boolean})?} null where nothing is in the way. `isFinal`: no call is possible.
 */
export function obstacleOf({ hasPeerConnection, hasMediaDevices, isSecureContext, secureOrigin }) {
  if (!hasPeerConnection) {
    return {
      isFinal: true,
      sentence: text('device.no-webrtc'),
      advice: text('device.no-webrtc-advice'),
    };
  }
  if (!isSecureContext) {
    return {
      isFinal: false,
      sentence: text('device.insecure'),
      advice: text('device.insecure-advice', { address: secureOrigin }),
    };
  }
  if (!hasMediaDevices) {
    return {
      isFinal: false,
      sentence: text('device.none'),
      advice: text('device.none-advice'),
    };
  }
  return null;
}

/**
 * The reason for which this page gets no microphone at all.
 * @param {object} browser
 * @param {boolean} browser.hasMediaDevices
 * @param {boolean} browser.isSecureContext
 * @param {string?} secureAddress of this page with https; null where the station has none
 * @returns {Refusal?} null where nothing is in the way
 */
export function microphoneObstacleOf({ hasMediaDevices, isSecureContext }, secureAddress) {
  if (!isSecureContext) {
    const sentence = text('device.microphone-insecure');
    return secureAddress === null
      ? { sentence, advice: text('device.microphone-insecure-never') }
      : { sentence, advice: text('device.microphone-insecure-advice'), link: secureAddress };
  }
  if (hasMediaDevices) return null;
  return {
    sentence: text('device.microphone-none'),
    advice: text('device.microphone-none-advice'),
  };
}

/** The reason for which a listener cannot join a call. @returns {Refusal} */
export const listenerRefusal = () => ({ sentence: text('device.listener'), advice: text('device.listener-advice') });

/**
 * The reason for which the browser did not give a device: an error of getUserMedia (Media Capture and Streams, §10.2).
 * @param {{name: string, message?: string}} error
 * @param {DeviceKind} kind
 * @returns {Refusal}
 */
export function refusalOf(error, kind) {
  switch (error.name) {
    case 'NotAllowedError':
      // Chromium says so where the person has closed the question.
      if (/dismiss/i.test(error.message ?? '')) return refusal(kind, 'unanswered');
      // Chromium says so where the operating system, and not a person at the page, denies the permission.
      return /system/i.test(error.message ?? '') ? refusal(kind, 'system') : refusal(kind, 'denied');
    case 'SecurityError': return { sentence: text(`device.${kind}-forbidden`), advice: text('device.frame-advice') };
    // Safari starts a device only after a gesture, and browsers only for the page in front.
    case 'InvalidStateError': return refusal(kind, 'early');
    case 'NotFoundError': return refusal(kind, 'missing');
    case 'OverconstrainedError': return refusal(kind, 'gone');
    case 'NotReadableError': case 'AbortError': return refusal(kind, 'busy');
    default: return refusal(kind, 'unknown', { error: error.message || error.name });
  }
}

const refusal = (kind, reason, values) => ({
  sentence: text(`device.${kind}-${reason}`, values), advice: text(`device.${kind}-${reason}-advice`),
});
