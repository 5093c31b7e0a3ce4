// The worklet that captures a microphone, for browsers that have no other way: it hands on each block of 10 ms or more.

registerProcessor('ringcast-capture', class extends AudioWorkletProcessor {
  #blocks = [];
  #length = 0;

  process([channels]) {
    if (channels.length === 0) return true;
    this.#blocks.push(channels.map((samples) => samples.slice()));
    this.#length += channels[0].length;
    if (this.#length * 100 >= sampleRate) this.#send();
    return true;
  }

  #send() {
    // The number of channels may change between two blocks.
    const count = Math.min(...this.#blocks.map((block) => block.length));
    const channels = Array.from({ length: count }, (_, channel) => {
      const sound = new Float32Array(this.#length);
      let at = 0;
      for (const block of this.#blocks) {
        sound.set(block[channel], at);
        at += block[channel].length;
      }
      return sound;
    });
    const time = currentTime;
    this.#blocks = [];
    this.#length = 0;
    this.port.postMessage({ channels, time }, channels.map((sound) => sound.buffer));
  }
});
