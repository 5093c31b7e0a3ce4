import CLAME
package import Codec

/// LAME, one instance for the life of a stream: PCM in, MP3 frames out.
package struct MP3Encoder: ~Copyable {
  private let lame: lame_t
  private let input: PCMFormat
  package let output: MP3Format
  private var buffer: [UInt8]
  private var lastFrameNumber: Int32 = 0
  /// Frames of PCM given.
  private var given = 0
  /// Frames finished since the stream began.
  package private(set) var frames = 0

  /// - Parameter input: any rate from 8 to 192 kHz, resampled by LAME where it isn't the output's; one or two channels.
  /// - Throws: `MP3EncoderError` where LAME refuses (lame_init_params) or chose something else than it was asked for.
  package init(input: PCMFormat, output: MP3Format) throws(MP3EncoderError) {
    lame = try Self.configured(input: input, output: output)
    self.input = input
    self.output = output
    // lame.h: "mp3buf_size in bytes = 1.25*num_samples + 7200", for any call.
    buffer = [UInt8](repeating: 0, count: 7200 + 5 * MP3Format.samplesPerFrame)
  }

  deinit {
    lame_close(lame)
  }

  /// The most frames of PCM that `encode` takes at once: so few that no call finishes more than one MP3 frame.
  package var largestBlock: Int { MP3Format.samplesPerFrame / 2 * input.sampleRate / output.sampleRate }

  /// Encodes at most `largestBlock` frames of interleaved PCM and appends what is finished to `bytes`. With the bit
  /// reservoir in use these need not end with a frame.
  package mutating func encode(_ pcm: ArraySlice<Int32>, into bytes: inout [UInt8]) throws(MP3EncoderError) {
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

  /// Pads the frame at hand so that the next leans on nothing before it, and appends what is left of the finished
  /// frames: afterwards `bytes` ends with a frame (lame_encode_flush_nogap). Sound in the encoder's window stays there.
  package mutating func close(into bytes: inout [UInt8]) throws(MP3EncoderError) {
    try take("lame_encode_flush_nogap", lame_encode_flush_nogap(lame, &buffer, Int32(buffer.count)), into: &bytes)
  }

  /// How many frames it takes until all that was given is in them, `MP3Format.delay` included. At a stream's end
  /// silence is pushed after the sound until so many are finished.
  package var framesForInput: Int {
    // LAME's resampler holds a few dozen samples more back.
    let resampler = input.sampleRate == output.sampleRate ? 0 : 64
    let samples = given * output.sampleRate / input.sampleRate + MP3Format.delay + resampler
    return (samples + MP3Format.samplesPerFrame - 1) / MP3Format.samplesPerFrame
  }

  private mutating func take(_ call: String, _ count: Int32, into bytes: inout [UInt8]) throws(MP3EncoderError) {
    guard count >= 0 else { throw MP3EncoderError(call: call, code: Int(count)) }
    bytes += buffer[..<Int(count)]
    // LAME counts frames in 32 bits, ours go on after 600 days.
    let number = lame_get_frameNum(lame)
    frames += Int(number &- lastFrameNumber)
    lastFrameNumber = number
  }

  private static func configured(input: PCMFormat, output: MP3Format) throws(MP3EncoderError) -> lame_t {
    guard let lame = lame_init() else { throw MP3EncoderError(call: "lame_init", code: -1) }
    do throws(MP3EncoderError) {
      let channels = max(input.channels, output.channels)
      try check("lame_set_in_samplerate", lame_set_in_samplerate(lame, Int32(input.sampleRate)))
      try check("lame_set_out_samplerate", lame_set_out_samplerate(lame, Int32(output.sampleRate)))
      try check("lame_set_num_channels", lame_set_num_channels(lame, Int32(channels)))
      try check("lame_set_mode", lame_set_mode(lame, output.channels == 1 ? MONO : JOINT_STEREO))
      try check("lame_set_VBR", lame_set_VBR(lame, vbr_off))
      try check("lame_set_brate", lame_set_brate(lame, Int32(output.bitrate)))
      // Neither a Xing frame nor tags: a segment is frames and nothing else.
      try check("lame_set_bWriteVbrTag", lame_set_bWriteVbrTag(lame, 0))
      lame_set_write_id3tag_automatic(lame, 0)
      try check("lame_init_params", lame_init_params(lame))
      guard lame_get_version(lame) == 1, lame_get_out_samplerate(lame) == output.sampleRate,
        lame_get_brate(lame) == output.bitrate
      else { throw MP3EncoderError(call: "lame_init_params (it chose another format)", code: -1) }
      return lame
    } catch {
      lame_close(lame)
      throw error
    }
  }

  private static func check(_ call: String, _ code: Int32) throws(MP3EncoderError) {
    guard code >= 0 else { throw MP3EncoderError(call: call, code: Int(code)) }
  }
}

/// A call of LAME that failed, with its code (lame.h).
package struct MP3EncoderError: Error, Equatable, CustomStringConvertible {
  package let call: String
  package let code: Int
  package var description: String { "\(call) failed with code \(code)" }
}
