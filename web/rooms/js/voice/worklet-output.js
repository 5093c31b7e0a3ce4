// The worklet output: plays the voices on the audio thread.

/**
 * @typedef {object} QueueReport of a `MixQueue`
 * @property {number} fill the mean sound in the queue, ms
 * @property {number} reserve ms
 * @property {number} underruns the count since the beginning
 * @property {number} cuts the count since the beginning
 */

export class WorkletOutput {
  /** @type {QueueReport} */
  report = { fill: 0, reserve: 0, underruns: 0, cuts: 0 };
  #node;

  /** @param {AudioContext} context with the module of the worklet */
  constructor(context) {
    this.#node = new AudioWorkletNode(context, 'ringcast-voice-playback', {
      numberOfInputs: 0, outputChannelCount: [2],
    });
    this.#node.port.onmessage = ({ data }) => { this.report = data; };
    this.#node.connect(context.destination);
  }

  /** @param {Float32Array[]} channels at 48 kHz, which are given away */
  write(channels) {
    this.#node.port.postMessage(channels, channels.map((samples) => samples.buffer));
  }

  close() {
    this.#node.disconnect();
    this.#node.port.close();
  }
}
