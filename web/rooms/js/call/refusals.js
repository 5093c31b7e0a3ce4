// Refusals: the reasons for which a browser gives no camera, no microphone or no call, each in a sentence and with advice.

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
      sentence: 'This browser has no WebRTC, so calls do not work in it.',
      advice: 'Open this page in Chrome, Edge, Firefox or Safari. Everything else in the room works here.',
    };
  }
  if (!isSecureContext) {
    return {
      isFinal: false,
      sentence: 'The browser gives no microphone and no camera to a page that came without https.',
      advice: `Open ${secureOrigin} if the station offers it. Here you can join, hear and see the others.`,
    };
  }
  if (!hasMediaDevices) {
    return {
      isFinal: false,
      sentence: 'This browser gives no microphone and no camera to pages.',
      advice: 'Its settings or its administrator may forbid both. Here you can join, hear and see the others.',
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
    const sentence = 'The browser gives no microphone to a page that came without https.';
    return secureAddress === null
      ? { sentence, advice: 'This station has no address with https. Its operator can add one with --tls-port. Here you can listen.' }
      : { sentence, advice: 'Open this room with https, and speak there. Here you can listen.', link: secureAddress };
  }
  if (hasMediaDevices) return null;
  return {
    sentence: 'This browser gives no microphone to pages.',
    advice: 'Its settings or its administrator may forbid microphones. Here you can listen.',
  };
}

/** The reason for which a listener cannot join a call. @type {Refusal} */
export const LISTENER = {
  sentence: 'Listeners do not take part in calls.',
  advice: 'Raise your hand: a host can make you a talker.',
};

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
      if (/dismiss/i.test(error.message ?? '')) return unanswered(kind);
      // Chromium says so where the operating system, and not a person at the page, denies the permission.
      return /system/i.test(error.message ?? '') ? deniedBySystem(kind) : denied(kind);
    case 'SecurityError': return forbiddenHere(kind);
    // Safari starts a device only after a gesture, and browsers only for the page in front.
    case 'InvalidStateError': return early(kind);
    case 'NotFoundError': return missing(kind);
    case 'OverconstrainedError': return gone(kind);
    case 'NotReadableError': return busy(kind);
    case 'AbortError': return busy(kind);
    default: return unknown(kind, error);
  }
}

const denied = (kind) => ({
  sentence: `This page may not use the ${kind}.`,
  advice: `Allow the ${kind} by the symbol beside the page’s address, then choose it again.`,
});

const unanswered = (kind) => ({
  sentence: `The browser has asked whether this page may use the ${kind}, and got no answer.`,
  advice: `Choose the ${kind} again, and answer with “Allow”.`,
});

const early = (kind) => ({
  sentence: `The browser starts the ${kind} only after a tap on this page.`,
  advice: `Bring this page to the front, and choose the ${kind} again.`,
});

const deniedBySystem = (kind) => ({
  sentence: `The operating system does not let this browser use the ${kind}.`,
  advice: `Allow the ${kind} for this browser in the privacy settings of the system, then choose it again.`,
});

const forbiddenHere = (kind) => ({
  sentence: `The browser forbids the ${kind} on this page.`,
  advice: 'Open the room in a tab of its own, not in a frame of another page.',
});

const missing = (kind) => ({
  sentence: `This device has no ${kind}.`,
  advice: `Connect a ${kind}, or join without it.`,
});

const gone = (kind) => ({
  sentence: `The chosen ${kind} is not connected any more.`,
  advice: `Choose another ${kind}, or connect it again.`,
});

const busy = (kind) => ({
  sentence: `The ${kind} does not start. Another program may be using it.`,
  advice: `End the other program, or choose another ${kind}.`,
});

const unknown = (kind, { name, message = '' }) => ({
  sentence: `The browser did not start the ${kind}: ${message || name}.`,
  advice: `Choose another ${kind}, or join without it.`,
});
