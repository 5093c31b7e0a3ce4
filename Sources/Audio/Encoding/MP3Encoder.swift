import CLAME
package import Codec

/// LAME, one instance for the life of a stream: PCM in, MP3 frames out.
package final class MP3Encoder: Encoder {
  /// LAME's own delay of 576 samples and the 529 of every decoder.
  package let delay = 1105
  package let rendition: Rendition
  private let lame: lame_t
  private let input: PCMFormat
  private var buffer: [UInt8]
  private var lastFrameNumber: Int32 = 0
  /// Frames of PCM given.
  private var given = 0
  package private(set) var frames = 0

  /// - Parameters:
  ///   - input: any rate from 8 to 192 kHz, resampled by LAME where it isn't the output's; one or two channels.
  ///   - output: of the codec MP3.
  /// - Throws: `EncoderError` where LAME refuses the format (lame_init_params) or chose another one.
  package init(input: PCMFormat, output: Rendition) throws(EncoderError) {
    precondition(output.codec == .mp3, "LAME encodes MP3 only")
    lame = try Self.configured(input: input, output: output)
    self.input = input
    rendition = output
    // lame.h: "mp3buf_size in bytes = 1.25*num_samples + 7200", for any call.
    buffer = [UInt8](repeating: 0, count: 7200 + 5 * output.codec.samplesPerFrame)
  }

  deinit {
    lame_close(lame)
  }

  package var largestBlock: Int { rendition.codec.samplesPerFrame / 2 * input.sampleRate / rendition.sampleRate }

  /// With the bit reservoir in use the bytes need not end with a frame.
  package func encode(_ pcm: ArraySlice<Int32>, into bytes: inout [UInt8]) throws(EncoderError) {
    let count = Int32(pcm.count / input.channels)
    let (lame, room) = (lame, Int32(buffer.count))
    let written: Int32
    if input.channels == 2 {
      written = pcm.withUnsafeBufferPointer {
        lame_encode_buffer_interleaved_int(lame, $0.baseAddress, count, &buffer, room)
      }
    } else {
      // For one channel LAME reads only the left buffer; for two, mono sound goes to both.
      written = pcm.withUnsafeBufferPointer {
        lame_encode_buffer_int(lame, $0.baseAddress, $0.baseAddress, count, &buffer, room)
      }
    }
    given += Int(count)
    try take("lame_encode_buffer", written, into: &bytes)
  }

  /// Empties the bit reservoir (lame_encode_flush_nogap). Sound in the encoder's window stays there.
  package func closeSegment(into bytes: inout [UInt8]) throws(EncoderError) {
    try take("lame_encode_flush_nogap", lame_encode_flush_nogap(lame, &buffer, Int32(buffer.count)), into: &bytes)
  }

  package var framesForInput: Int {
    // LAME's resampler holds a few dozen samples more back.
    let resampler = input.sampleRate == rendition.sampleRate ? 0 : 64
    let samples = given * rendition.sampleRate / input.sampleRate + delay + resampler
    let frameLength = rendition.codec.samplesPerFrame
    return (samples + frameLength - 1) / frameLength
  }

  private func take(_ call: String, _ count: Int32, into bytes: inout [UInt8]) throws(EncoderError) {
    guard count >= 0 else { throw EncoderError(call: call, code: Int(count)) }
    bytes += buffer[..<Int(count)]
    // LAME's frame counter has 32 bits and overflows after 600 days; this one does not.
    let number = lame_get_frameNum(lame)
    frames += Int(number &- lastFrameNumber)
    lastFrameNumber = number
  }

  private static func configured(input: PCMFormat, output: Rendition) throws(EncoderError) -> lame_t {
    guard let lame = lame_init() else { throw EncoderError(call: "lame_init", code: -1) }
    do throws(EncoderError) {
      let channels = max(input.channels, output.channels)
      try check("lame_set_in_samplerate", lame_set_in_samplerate(lame, Int32(input.sampleRate)))
      try check("lame_set_out_samplerate", lame_set_out_samplerate(lame, Int32(output.sampleRate)))
      try check("lame_set_num_channels", lame_set_num_channels(lame, Int32(channels)))
      try check("lame_set_mode", lame_set_mode(lame, output.channels == 1 ? MONO : JOINT_STEREO))
      try check("lame_set_VBR", lame_set_VBR(lame, vbr_off))
      try check("lame_set_brate", lame_set_brate(lame, Int32(output.kilobitsPerSecond)))
      // Neither a Xing frame nor tags: a segment holds frames only.
      try check("lame_set_bWriteVbrTag", lame_set_bWriteVbrTag(lame, 0))
      lame_set_write_id3tag_automatic(lame, 0)
      try check("lame_init_params", lame_init_params(lame))
      guard lame_get_version(lame) == 1, lame_get_out_samplerate(lame) == output.sampleRate,
        lame_get_brate(lame) == output.kilobitsPerSecond
      else { throw EncoderError(call: "lame_init_params (it chose another format)", code: -1) }
      return lame
    } catch {
      lame_close(lame)
      throw error
    }
  }

  private static func check(_ call: String, _ code: Int32) throws(EncoderError) {
    guard code >= 0 else { throw EncoderError(call: call, code: Int(code)) }
  }
}
