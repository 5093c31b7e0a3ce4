// The capture: takes the sound of a track, in frames of 10 ms at 48 kHz. Where the browser has a
// MediaStreamTrackProcessor, the sound comes from there, 20 to 40 ms earlier than from an AudioWorklet.

import { outputTimes } from '../../../../js/sound/output-clock.js';
import { CaptureClock } from './capture-clock.js';
import { FrameCutter } from './frame-cutter.js';
import { planesOf } from '../opus.js';
import { FRAME_MS } from '../sound-packet.js';
import { StallDetector } from './stall-detector.js';

/** The processor keeps this number of blocks of 10 ms while the page is busy, and drops older ones. */
const MOST_WAITING = 6;
/** The context's clock is looked at this often, ms. */
const LOOK_MS = 500;

/**
 * @callback FrameListener
 * @param {Float32Array[]} channels of 480 samples
 * @param {number} capturedAt of the end of the frame, ms of `performance.now()`
 */

/**
 * @typedef {object} CaptureOptions
 * @property {number} mostChannels 1 or 2
 * @property {import('../sound-context.js').SoundContext} context for browsers without a MediaStreamTrackProcessor
 * @property {FrameListener} onFrame
 * @property {() => void} onError no frame will come, because the worklet did not come
 * @property {boolean} [isWorklet] captures by an AudioWorklet in any case, for measurements
 */

/**
 * @param {MediaStreamTrack} track
 * @param {CaptureOptions} options
 * @returns {{close: () => void, way: 'processor' | 'worklet', isReady: boolean}} `isReady`: frames are due
 */
export function startCapture(track, { mostChannels, context, onFrame, onError, isWorklet = false }) {
  const cutter = new FrameCutter(mostChannels);
  const clock = new CaptureClock();
  const take = (channels, rate, time) => {
    const endedAt = clock.pageTime(time, performance.now());
    const frames = cutter.push(channels, rate);
    frames.forEach((frame, i) => {
      onFrame(frame, endedAt - cutter.waitingMs - FRAME_MS * (frames.length - 1 - i));
    });
  };
  const hasProcessor = typeof MediaStreamTrackProcessor === 'function' && !isWorklet;
  return hasProcessor
    ? captureByProcessor(track, take)
    : captureByWorklet(track, context, { take, onStall: () => clock.forget(), onError });
}

function captureByProcessor(track, take) {
  const processor = new MediaStreamTrackProcessor({ track, maxBufferSize: MOST_WAITING });
  const reader = processor.readable.getReader();
  const read = async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const end = value.timestamp / 1000 + 1000 * value.numberOfFrames / value.sampleRate;
      const rate = value.sampleRate;
      take(planesOf(value), rate, end);
    }
  };
  // The track has ended, which its own event tells, or the capture was closed.
  read().catch(() => {});
  return { way: 'processor', isReady: true, close: () => reader.cancel().catch(() => {}) };
}

/**
 * A browser that was too busy to render keeps the sound of that time before the node, and the microphone is late from
 * then on. A new node begins without that sound.
 */
function captureByWorklet(track, context, { take, onStall, onError }) {
  let source = null, node = null, timer = null, isClosed = false;
  const stalls = new StallDetector();
  const start = async () => {
    const audio = await context.open();
    if (isClosed) return;
    node = new AudioWorkletNode(audio, 'ringcast-capture', { numberOfOutputs: 0 });
    node.port.onmessage = ({ data: { channels, time } }) => take(channels, audio.sampleRate, 1000 * time);
    const connect = () => {
      source?.disconnect();
      source = audio.createMediaStreamSource(new MediaStream([track]));
      source.connect(node);
    };
    connect();
    timer = setInterval(() => {
      const { now, time } = outputTimes(audio);
      if (!stalls.note(now, time)) return;
      onStall();
      connect();
    }, LOOK_MS);
  };
  start().catch(() => { if (!isClosed) onError(); });
  return {
    way: 'worklet',
    get isReady() { return node !== null; },
    close() {
      isClosed = true;
      clearInterval(timer);
      source?.disconnect();
      node?.port.close();
    },
  };
}
