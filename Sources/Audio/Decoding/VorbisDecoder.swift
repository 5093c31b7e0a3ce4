import CVorbis

/// Decodes one link of Ogg Vorbis by libvorbis.
final class VorbisDecoder: SoundDecoder {
  private static let headers = 3

  private let reader: OggReader
  private let info = UnsafeMutablePointer<vorbis_info>.allocate(capacity: 1)
  private let comment = UnsafeMutablePointer<vorbis_comment>.allocate(capacity: 1)
  private let state = UnsafeMutablePointer<vorbis_dsp_state>.allocate(capacity: 1)
  private let block = UnsafeMutablePointer<vorbis_block>.allocate(capacity: 1)
  private var headersLeft = headers
  private var isStarted = false
  private var format = PCMFormat(sampleRate: 0, channels: 0)
  private var tags: SoundTags?

  init(_ first: OggPacket, _ reader: OggReader) throws(DecodingError) {
    self.reader = reader
    vorbis_info_init(info)
    vorbis_comment_init(comment)
    guard takeHeader(first) else { throw DecodingError("the head of Vorbis is invalid") }
  }

  deinit {
    if isStarted {
      vorbis_block_clear(block)
      vorbis_dsp_clear(state)
    }
    vorbis_comment_clear(comment)
    vorbis_info_clear(info)
    block.deallocate()
    state.deallocate()
    comment.deallocate()
    info.deallocate()
  }

  func next() throws(DecodingError) -> DecodedPiece? {
    while let packet = try reader.nextPacket() {
      if headersLeft > 0 {
        // A header is damaged: the link cannot be played, and the next one may be whole.
        if headersLeft == 1, !VorbisCodebooks.areSmall(in: packet.bytes) {
          throw DecodingError("the codebooks of Vorbis are damaged or too large")
        }
        guard takeHeader(packet) else { return nil }
        guard headersLeft == 0 else { continue }
        try start()
        if let tags { return .tags(tags) }
        continue
      }
      // A damaged packet is left out.
      guard Self.with(packet, { vorbis_synthesis(block, &$0) }) == 0, vorbis_synthesis_blockin(state, block) == 0
      else { continue }
      let samples = takeSamples()
      if !samples.isEmpty { return .sound(samples, format) }
    }
    return nil
  }

  /// - Returns: whether the header is valid.
  private func takeHeader(_ packet: OggPacket) -> Bool {
    if headersLeft == Self.headers - 1 { tags = VorbisComment.tags(in: packet.bytes.dropFirst(7)) }
    let code = Self.with(packet) { vorbis_synthesis_headerin(info, comment, &$0) }
    headersLeft -= 1
    return code == 0
  }

  private func start() throws(DecodingError) {
    let (rate, channels) = (info.pointee.rate, Int(info.pointee.channels))
    guard Self.rates.contains(rate), (1...8).contains(channels) else {
      throw DecodingError("Vorbis at \(rate) Hz with \(channels) channels is not played")
    }
    guard vorbis_synthesis_init(state, info) == 0 else { throw DecodingError("vorbis_synthesis_init failed") }
    vorbis_block_init(state, block)
    isStarted = true
    format = PCMFormat(sampleRate: rate, channels: min(2, channels))
  }

  /// The rates that the resampler takes.
  static let rates = 8000...192_000

  private func takeSamples() -> [Int32] {
    var samples: [Int32] = []
    var planes: UnsafeMutablePointer<UnsafeMutablePointer<Float>?>?
    while true {
      let count = vorbis_synthesis_pcmout(state, &planes)
      guard count > 0, let planes, let left = planes[0] else { return samples }
      let right = format.channels == 2 ? planes[Self.right(of: Int(info.pointee.channels))] : nil
      for index in 0..<Int(count) {
        samples.append(fullScale(left[index]))
        if let right { samples.append(fullScale(right[index])) }
      }
      vorbis_synthesis_read(state, count)
    }
  }

  /// The plane of the right channel (Vorbis I specification, §4.3.9).
  private static func right(of channels: Int) -> Int { channels == 3 || channels >= 5 ? 2 : 1 }

  /// Calls a function with a packet as libogg has it.
  private static func with<Result>(_ packet: OggPacket, _ body: (inout ogg_packet) -> Result) -> Result {
    var bytes = packet.bytes
    return bytes.withUnsafeMutableBufferPointer { buffer in
      var packet = ogg_packet(
        packet: buffer.baseAddress, bytes: buffer.count, b_o_s: packet.number == 0 ? 1 : 0,
        e_o_s: packet.isLast ? 1 : 0, granulepos: Int64(packet.granule), packetno: Int64(packet.number))
      return body(&packet)
    }
  }
}

/// A sample at full scale 1 as one at full scale 2^31. A damaged stream may give NaN.
func fullScale(_ sample: Float) -> Int32 {
  sample == sample ? Int32(max(-1, min(0x1.fffffep-1, sample)) * 0x1p31) : 0
}
