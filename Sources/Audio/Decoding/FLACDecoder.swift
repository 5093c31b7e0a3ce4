import CFLAC

/// Decodes FLAC, or one link of Ogg FLAC, by libFLAC.
final class FLACDecoder: SoundDecoder {
  /// The place of the bytes.
  private enum Origin {
    case native(any EncodedBytes)
    case ogg(OggReader)
  }

  private let origin: Origin
  private let decoder: UnsafeMutablePointer<FLAC__StreamDecoder>
  /// Bytes of a packet that are not read yet.
  private var packet: ArraySlice<UInt8> = []
  private var samples: [Int32] = []
  private var format = PCMFormat(sampleRate: 0, channels: 0)
  private var tags: SoundTags?
  /// The number of native bytes that were read, and the last of them.
  private var position = 0
  private var isAtEnd = false
  /// Whether the last of the native frames that the head announces was decoded. Versions of libFLAC differ in going on.
  private var isWhole = false
  private var recent: [UInt8] = []
  /// More than libFLAC reads ahead.
  private static let mostRecent = 1 << 16
  /// The reason of a failure within a callback.
  private var failure: DecodingError?

  convenience init(native bytes: any EncodedBytes) throws(DecodingError) {
    try self.init(.native(bytes), packet: [])
  }

  /// - Parameter first: `0x7F FLAC`, two bytes of version, two of a count, and then the beginning of native FLAC
  ///   (RFC 9639 §10.1).
  convenience init(_ first: OggPacket, _ reader: OggReader) throws(DecodingError) {
    try self.init(.ogg(reader), packet: first.bytes.dropFirst(9))
  }

  private init(_ origin: Origin, packet: ArraySlice<UInt8>) throws(DecodingError) {
    guard let decoder = FLAC__stream_decoder_new() else { throw DecodingError("no memory for FLAC") }
    (self.origin, self.packet, self.decoder) = (origin, packet, decoder)
    FLAC__stream_decoder_set_metadata_respond(decoder, FLAC__METADATA_TYPE_VORBIS_COMMENT)
    // The callbacks run within the calls below, while the object lives.
    let code = FLAC__stream_decoder_init_stream(
      decoder, readBytes, nil, tellPosition, nil, nil, takeFrame, takeMetadata, noteError,
      Unmanaged.passUnretained(self).toOpaque())
    guard code == FLAC__STREAM_DECODER_INIT_STATUS_OK else {
      throw DecodingError("FLAC__stream_decoder_init_stream: \(code.rawValue)")
    }
  }

  deinit {
    FLAC__stream_decoder_delete(decoder)
  }

  func next() throws(DecodingError) -> DecodedPiece? {
    while true {
      if let tags {
        self.tags = nil
        return .tags(tags)
      }
      if !samples.isEmpty {
        defer { samples = [] }
        return .sound(samples, format)
      }
      if isWhole { return nil }
      let isWorking = FLAC__stream_decoder_process_single(decoder) != 0
      if let failure { throw failure }
      guard samples.isEmpty else { continue }
      let state = FLAC__stream_decoder_get_state(decoder)
      if state == FLAC__STREAM_DECODER_END_OF_STREAM { return nil }
      guard isWorking else { throw DecodingError("FLAC__stream_decoder_process_single: state \(state.rawValue)") }
    }
  }

  /// The native bytes behind the end of the sound that libFLAC has read already.
  var unread: [UInt8] {
    var end: UInt64 = 0
    guard case .native = origin, !isAtEnd, FLAC__stream_decoder_get_decode_position(decoder, &end) != 0 else {
      return []
    }
    return Array(recent.suffix(max(0, position - Int(end))))
  }

  /// The number of bytes that libFLAC has read; nil for a packet's bytes, whose position is not known.
  fileprivate var told: Int? {
    if case .native = origin { position } else { nil }
  }

  /// - Returns: 0 at the end.
  fileprivate func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    while packet.isEmpty {
      switch origin {
      case .native(let bytes):
        let count = bytes.read(into: buffer)
        position += count
        isAtEnd = count == 0
        recent = recent.suffix(max(0, Self.mostRecent - count)) + buffer.prefix(count)
        return count
      case .ogg(let reader):
        do throws(DecodingError) {
          guard let next = try reader.nextPacket() else { return 0 }
          packet = next.bytes[...]
        } catch {
          failure = error
          return 0
        }
      }
    }
    let count = min(packet.count, buffer.count)
    buffer.copyBytes(from: packet.prefix(count))
    packet = packet.dropFirst(count)
    return count
  }

  fileprivate func take(_ frame: FLAC__Frame, _ planes: UnsafePointer<UnsafePointer<FLAC__int32>?>) -> Bool {
    let header = frame.header
    let (rate, channels, bits) = (Int(header.sample_rate), Int(header.channels), header.bits_per_sample)
    guard VorbisDecoder.rates.contains(rate), (1...8).contains(channels), (4...32).contains(bits),
      let left = planes[0]
    else {
      failure = DecodingError("FLAC at \(rate) Hz with \(channels) channels is not played")
      return false
    }
    // RFC 9639 §9.1.3: front left and front right are the first two of any number of channels.
    let right = channels > 1 ? planes[1] : nil
    format = PCMFormat(sampleRate: rate, channels: right == nil ? 1 : 2)
    let (total, end) = (
      FLAC__stream_decoder_get_total_samples(decoder), header.number.sample_number &+ UInt64(header.blocksize)
    )
    if case .native = origin, total > 0, end >= total { isWhole = true }
    let shift = 32 - bits
    for index in 0..<Int(header.blocksize) {
      samples.append(left[index] << shift)
      if let right { samples.append(right[index] << shift) }
    }
    return true
  }

  fileprivate func take(_ metadata: FLAC__StreamMetadata) {
    guard metadata.type == FLAC__METADATA_TYPE_VORBIS_COMMENT else { return }
    var found = SoundTags()
    let comment = metadata.data.vorbis_comment
    for index in 0..<min(Int(comment.num_comments), VorbisComment.mostComments) {
      let entry = comment.comments[index]
      guard let start = entry.entry else { continue }
      VorbisComment.add(UnsafeBufferPointer(start: start, count: Int(entry.length)), to: &found)
    }
    tags = found
  }
}

private func decoder(_ context: UnsafeMutableRawPointer?) -> FLACDecoder {
  Unmanaged<FLACDecoder>.fromOpaque(context!).takeUnretainedValue()
}

private func readBytes(
  _: UnsafePointer<FLAC__StreamDecoder>?, _ buffer: UnsafeMutablePointer<FLAC__byte>?,
  _ count: UnsafeMutablePointer<Int>?, _ context: UnsafeMutableRawPointer?
) -> FLAC__StreamDecoderReadStatus {
  let room = UnsafeMutableRawBufferPointer(start: buffer, count: count!.pointee)
  count!.pointee = decoder(context).read(into: room)
  return count!.pointee > 0
    ? FLAC__STREAM_DECODER_READ_STATUS_CONTINUE : FLAC__STREAM_DECODER_READ_STATUS_END_OF_STREAM
}

private func tellPosition(
  _: UnsafePointer<FLAC__StreamDecoder>?, _ position: UnsafeMutablePointer<FLAC__uint64>?,
  _ context: UnsafeMutableRawPointer?
) -> FLAC__StreamDecoderTellStatus {
  guard let told = decoder(context).told else { return FLAC__STREAM_DECODER_TELL_STATUS_UNSUPPORTED }
  position!.pointee = UInt64(told)
  return FLAC__STREAM_DECODER_TELL_STATUS_OK
}

private func takeFrame(
  _: UnsafePointer<FLAC__StreamDecoder>?, _ frame: UnsafePointer<FLAC__Frame>?,
  _ planes: UnsafePointer<UnsafePointer<FLAC__int32>?>?, _ context: UnsafeMutableRawPointer?
) -> FLAC__StreamDecoderWriteStatus {
  decoder(context).take(frame!.pointee, planes!)
    ? FLAC__STREAM_DECODER_WRITE_STATUS_CONTINUE : FLAC__STREAM_DECODER_WRITE_STATUS_ABORT
}

private func takeMetadata(
  _: UnsafePointer<FLAC__StreamDecoder>?, _ metadata: UnsafePointer<FLAC__StreamMetadata>?,
  _ context: UnsafeMutableRawPointer?
) {
  decoder(context).take(metadata!.pointee)
}

/// libFLAC looks for the next frame by itself, and fills lost frames with silence or leaves them out.
private func noteError(
  _: UnsafePointer<FLAC__StreamDecoder>?, _: FLAC__StreamDecoderErrorStatus, _: UnsafeMutableRawPointer?
) {}
