import CMPG123

/// Decodes MPEG audio by libmpg123, which leaves out ID3 tags and looks for the next frame behind damaged bytes.
final class MP3Decoder: SoundDecoder {
  private static let inputSize = 4096
  /// Samples: a frame of Layer III has 1152 PCM frames of two channels.
  private static let outputSize = 2304

  private let bytes: any EncodedBytes
  private let handle: OpaquePointer
  private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: inputSize, alignment: 1)
  private let output = UnsafeMutableBufferPointer<Int32>.allocate(capacity: outputSize)
  private var format: PCMFormat?
  /// Failures without sound since the latest bytes.
  private var failures = 0
  /// More than the frames that `input` holds.
  private static let mostFailures = 100

  init(_ bytes: any EncodedBytes) throws(DecodingError) {
    self.bytes = bytes
    var code: Int32 = 0
    mpg123_init()
    guard let handle = mpg123_new(nil, &code) else {
      throw DecodingError("mpg123_new: \(String(cString: mpg123_plain_strerror(code)))")
    }
    self.handle = handle
    ringcast_mpg123_param(handle, MPG123_ADD_FLAGS, Int(MPG123_QUIET.rawValue))
    // The length and the delay that a file's first frame names do not count for sound without an end.
    ringcast_mpg123_param(handle, MPG123_REMOVE_FLAGS, Int(MPG123_GAPLESS.rawValue))
    // The owner bounds the bytes without sound.
    ringcast_mpg123_param(handle, MPG123_RESYNC_LIMIT, -1)
    mpg123_format_none(handle)
    for rate in Self.rates {
      mpg123_format(handle, rate, Int32(MPG123_MONO.rawValue | MPG123_STEREO.rawValue), Self.encoding)
    }
    let opened = mpg123_open_feed(handle)
    guard opened == Self.ok else { throw DecodingError("mpg123_open_feed: \(opened)") }
  }

  deinit {
    mpg123_delete(handle)
    input.deallocate()
    output.deallocate()
  }

  private static let rates = [8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000]
  private static let encoding = Int32(MPG123_ENC_SIGNED_32.rawValue)
  private static let ok = Int32(MPG123_OK.rawValue)
  private static let needMore = Int32(MPG123_NEED_MORE.rawValue)
  private static let done = Int32(MPG123_DONE.rawValue)
  private static let newFormat = Int32(MPG123_NEW_FORMAT.rawValue)

  func next() throws(DecodingError) -> DecodedPiece? {
    while true {
      var done = 0
      let code = mpg123_read(handle, output.baseAddress!, output.count * MemoryLayout<Int32>.stride, &done)
      // Samples that come together with a new format are of the format before.
      let before = format
      if code == Self.newFormat { readFormat() }
      if done > 0, let format = before ?? format {
        failures = 0
        return .sound(Array(output.prefix(done / MemoryLayout<Int32>.stride)), format)
      }
      if code == Self.ok || code == Self.newFormat { continue }
      // The bytes are damaged: the next frame lies behind them, often among the bytes that are there.
      if code != Self.needMore, code != Self.done, failures < Self.mostFailures {
        failures += 1
        continue
      }
      failures = 0
      let count = bytes.read(into: input)
      guard count > 0 else { return nil }
      let fed = mpg123_feed(handle, input.baseAddress!, count)
      guard fed == Self.ok else { throw DecodingError("mpg123_feed: \(fed)") }
    }
  }

  private func readFormat() {
    var (rate, channels, encoding) = (0, Int32(0), Int32(0))
    guard mpg123_getformat(handle, &rate, &channels, &encoding) == Self.ok, (1...2).contains(channels), rate > 0 else {
      return
    }
    format = PCMFormat(sampleRate: rate, channels: Int(channels))
  }
}
