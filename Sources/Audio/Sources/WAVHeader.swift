/// The format and place of a WAV file's samples, from its chunks ("Multimedia Programming Interface and Data Specifications 1.0", RIFF
/// WAVE; WAVE_FORMAT_EXTENSIBLE from Microsoft's later definition).
package struct WAVHeader: Equatable, Sendable {
  package let format: PCMFormat
  package let sampleFormat: SampleFormat
  /// Bytes from the file's start to its samples.
  package let dataOffset: Int
  /// Bytes of samples, whole frames only.
  package let dataLength: Int

  /// Reads the chunks in front of the samples.
  /// - Parameters:
  ///   - bytes: the file's first bytes, enough of them to reach into the `data` chunk.
  ///   - fileLength: the whole file's length in bytes; a `data` chunk that claims more (a recording that was cut off,
  ///     or written to a pipe) ends with the file.
  package init(_ bytes: [UInt8], fileLength: Int) throws(SourceError) {
    guard bytes.count >= 12, bytes.text(0) == "RIFF" || bytes.text(0) == "RF64", bytes.text(8) == "WAVE" else {
      throw SourceError("it is not a WAV file: it does not start with RIFF … WAVE")
    }
    var offset = 12
    var layout: (PCMFormat, SampleFormat)?
    while offset + 8 <= bytes.count {
      let (name, size) = (bytes.text(offset), bytes.number(offset + 4, octets: 4))
      let body = offset + 8
      if name == "fmt " {
        layout = try Self.layout(bytes, at: body, size: size)
      } else if name == "data" {
        guard let (format, sampleFormat) = layout else {
          throw SourceError("its data chunk comes before its fmt chunk")
        }
        let frame = format.channels * sampleFormat.bytes
        (self.format, self.sampleFormat) = (format, sampleFormat)
        dataOffset = body
        dataLength = min(size, max(0, fileLength - body)) / frame * frame
        guard dataLength > 0 else { throw SourceError("it holds no samples") }
        return
      }
      // A chunk of odd length is followed by a pad byte that its size does not count.
      offset = body + size + size % 2
    }
    throw SourceError("it has no data chunk within its first \(bytes.count) bytes")
  }

  private static func layout(_ bytes: [UInt8], at body: Int, size: Int) throws(SourceError) -> (PCMFormat, SampleFormat)
  {
    guard size >= 16, body + size <= bytes.count else { throw SourceError("its fmt chunk is cut off") }
    var tag = bytes.number(body, octets: 2)
    // WAVE_FORMAT_EXTENSIBLE: the real tag is the first field of the sub-format's GUID.
    if tag == 0xFFFE, size >= 40 { tag = bytes.number(body + 24, octets: 2) }
    let (channels, bits) = (bytes.number(body + 2, octets: 2), bytes.number(body + 14, octets: 2))
    let (rate, blockAlign) = (bytes.number(body + 4, octets: 4), bytes.number(body + 12, octets: 2))
    let sampleFormat: SampleFormat
    switch (tag, bits) {
    case (1, 16): sampleFormat = .int16
    case (1, 24): sampleFormat = .int24
    case (1, 32): sampleFormat = .int32
    case (3, 32): sampleFormat = .float32
    default:
      throw SourceError(
        "its samples have format tag \(tag) and \(bits) bits: 16-, 24- or 32-bit PCM or 32-bit float is read")
    }
    guard (1...2).contains(channels) else { throw SourceError("it has \(channels) channels: 1 or 2 are read") }
    guard (8000...192_000).contains(rate) else {
      throw SourceError("its sample rate is \(rate) Hz: 8000 to 192000 is read")
    }
    guard blockAlign == channels * sampleFormat.bytes else {
      throw SourceError("its block alignment is \(blockAlign): \(channels * sampleFormat.bytes) goes with its format")
    }
    return (PCMFormat(sampleRate: rate, channels: channels), sampleFormat)
  }
}

extension [UInt8] {
  fileprivate func text(_ offset: Int) -> String {
    String(decoding: self[offset..<offset + 4], as: UTF8.self)
  }

  fileprivate func number(_ offset: Int, octets: Int) -> Int {
    self[offset..<offset + octets].reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
