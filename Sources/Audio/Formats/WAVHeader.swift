/// The format and place of a WAV file's samples, from its chunks ("Multimedia Programming Interface and Data Specifications 1.0", RIFF
/// WAVE; WAVE_FORMAT_EXTENSIBLE from Microsoft's later definition; RF64 and BW64 from EBU Tech 3306 and ITU-R BS.2088).
package struct WAVHeader: Equatable, Sendable {
  /// Gives the bytes of the file from an offset on; fewer at its end. The offsets only go up, so that a pipe can be read.
  package typealias Reader = (_ offset: Int, _ count: Int) throws(SourceError) -> [UInt8]

  /// Chunks in front of the samples, at most. The smallest chunk has eight bytes.
  private static let mostChunks = 65_536

  /// The format of the file, with all its channels.
  package let format: PCMFormat
  package let layout: SampleLayout
  /// The blocks of a file of ADPCM, whose samples have the layout when they are decoded; nil for every other file.
  package let adpcm: ADPCM?
  /// The loudspeaker of each channel as a bit, in the order of the channels (dwChannelMask); 0 where none is named.
  package let speakers: Int
  /// Bytes from the file's start to its samples.
  package let dataOffset: Int
  /// Bytes of samples, whole frames or blocks only. In a pipe, this is the length that the header names.
  package let dataLength: Int
  /// Whether the header does not tell the end of the sound: the sound goes on for as long as more is written.
  package let isOpenEnded: Bool
  /// One line where the header and the file do not agree; nil otherwise.
  package let remark: String?

  package var sampleFormat: SampleFormat { layout.format }

  /// Reads the chunks of a file in memory.
  /// - Parameters:
  ///   - bytes: the file's first bytes.
  ///   - fileLength: the whole file's length in bytes.
  package init(_ bytes: [UInt8], fileLength: Int) throws(SourceError) {
    try self.init(fileLength: fileLength) { offset, count in Array(bytes.dropFirst(offset).prefix(count)) }
  }

  /// Walks from chunk to chunk up to the samples.
  /// - Parameters:
  ///   - fileLength: the whole file's length in bytes; nil for a pipe. A `data` chunk that claims more than the file has (a
  ///     recording that was cut off, or written to a pipe) ends with the file.
  /// - Throws: the reason why the file is unusable, or the reader's error.
  package init(fileLength: Int?, read: Reader) throws(SourceError) {
    let head = try read(0, 12)
    guard Self.isWAV(head) else { throw .unusable("it is not a WAV file: it does not start with RIFF … WAVE") }
    let isBigEndian = head.text(0) == "RIFX"
    var (offset, layout, longLength) = (12, Layout?.none, Int?.none)
    for _ in 0..<Self.mostChunks {
      let chunk = try read(offset, 8)
      guard chunk.count == 8 else { break }
      let (name, size, body) = (chunk.text(0), chunk.number(4, octets: 4, isBigEndian: isBigEndian), offset + 8)
      if name == "fmt " {
        layout = try Layout(try read(body, min(size, Layout.longest)), size: size, isBigEndian: isBigEndian)
      } else if name == "ds64" {
        // The lengths of a file that is longer than 4 GiB: of the file, and of the sound.
        let lengths = try read(body, min(size, 16))
        if lengths.count == 16 { longLength = lengths.number(8, octets: 8, isBigEndian: isBigEndian) }
      } else if name == "data" {
        guard let layout else { throw .unusable("its data chunk comes before its fmt chunk") }
        let named = size == 0xFFFF_FFFF ? longLength.flatMap { $0 > 0 ? $0 : nil } : nil
        let extent = try Extent(
          claimed: named ?? size, isLong: named != nil, body: body, fileLength: fileLength, isBigEndian: isBigEndian,
          read: read)
        (format, self.layout, speakers) = (layout.format, layout.samples, layout.speakers)
        (dataOffset, isOpenEnded, remark) = (body, extent.isOpenEnded, extent.remark)
        adpcm = layout.adpcm
        let unit = layout.adpcm?.blockLength ?? layout.format.channels * layout.samples.format.bytes
        dataLength = extent.length / unit * unit
        guard dataLength > 0 else { throw .unusable("it holds no samples") }
        return
      }
      // A chunk of odd length is followed by a pad byte that its size does not count.
      offset = body + size + size % 2
    }
    throw .unusable("it has no data chunk")
  }

  /// Whether the first twelve bytes are those of a WAV file.
  package static func isWAV(_ head: [UInt8]) -> Bool {
    head.count >= 12 && ["RIFF", "RF64", "BW64", "RIFX"].contains(head.text(0)) && head.text(8) == "WAVE"
  }
}

extension WAVHeader {
  /// The length of the sound, from the length that the header claims and the bytes that are there.
  private struct Extent {
    /// In bytes.
    var length: Int
    var isOpenEnded = false
    var remark: String?

    init(
      claimed: Int, isLong: Bool, body: Int, fileLength: Int?, isBigEndian: Bool, read: Reader
    ) throws(SourceError) {
      let isUnknown = !isLong && Self.isUnknown(claimed)
      guard let fileLength else {
        (length, isOpenEnded) = isUnknown ? (Int(Int32.max) << 24, true) : (claimed, false)
        return
      }
      let available = max(0, fileLength - body)
      length = min(claimed, available)
      if claimed > available {
        isOpenEnded = true
        remark =
          isUnknown
          ? "its header names no length: it is played to its end"
          : "it is cut off: its header names \(claimed) bytes of sound, and \(available) are there"
        return
      }
      let rest = body + claimed + claimed % 2
      guard rest < fileLength, try !Self.isChunks(from: rest, to: fileLength, isBigEndian, read) else { return }
      // A length of 32 bits has run over where 4 GiB more are there.
      if isUnknown || (!isLong && available - claimed > 0xFFFF_FFFF) {
        (length, isOpenEnded) = (available, true)
        remark = "its header names no true length: it is played to its end"
      } else {
        remark =
          "behind the \(claimed) bytes of sound that its header names are \(fileLength - rest) more: they are not played"
      }
    }

    /// The lengths that programs write which do not know better: 0, and the largest ones of 31 and 32 bits, often less a
    /// header or a block (ffmpeg 0xFFFFFFFF, sox 0x7FFFF000, arecord 0x7FFFFF00 and 0x80000000).
    private static func isUnknown(_ claimed: Int) -> Bool {
      claimed == 0 || (0x7FFF_0000...0x8000_0000).contains(claimed) || claimed >= 0xFFFF_0000
    }

    /// Whether nothing but whole chunks lies there.
    private static func isChunks(
      from start: Int, to end: Int, _ isBigEndian: Bool, _ read: Reader
    ) throws(SourceError) -> Bool {
      var offset = start
      for _ in 0..<1000 {
        let head = try read(offset, 8)
        guard head.count == 8, head.prefix(4).allSatisfy({ (0x20...0x7E).contains($0) }) else { return false }
        let body = offset + 8
        let size = head.number(4, octets: 4, isBigEndian: isBigEndian)
        // The last pad byte may be missing.
        if body + size == end || body + size + size % 2 == end { return true }
        offset = body + size + size % 2
        guard offset < end else { return false }
      }
      return false
    }
  }

  /// The content of a `fmt ` chunk.
  private struct Layout {
    /// Bytes of the chunk that are read: those of WAVE_FORMAT_EXTENSIBLE.
    static let longest = 40

    let format: PCMFormat
    let samples: SampleLayout
    let adpcm: ADPCM?
    let speakers: Int

    /// - Parameter size: of the whole chunk, in bytes.
    init(_ body: [UInt8], size: Int, isBigEndian: Bool) throws(SourceError) {
      guard size >= 16, body.count == min(size, Self.longest) else { throw .unusable("its fmt chunk is cut off") }
      func number(_ offset: Int, _ octets: Int) -> Int { body.number(offset, octets: octets, isBigEndian: isBigEndian) }
      var (tag, speakers) = (number(0, 2), 0)
      // WAVE_FORMAT_EXTENSIBLE: the real tag is the first field of the sub-format's GUID.
      if tag == 0xFFFE, body.count >= 40 { (tag, speakers) = (number(24, 2), number(20, 4)) }
      let (channels, rate, align, bits) = (number(2, 2), number(4, 4), number(12, 2), number(14, 2))
      guard (1...64).contains(channels) else { throw .unusable("it has \(channels) channels: 1 to 64 are read") }
      guard (8000...192_000).contains(rate) else {
        throw .unusable("its sample rate is \(rate) Hz: 8000 to 192000 is read")
      }
      self.format = PCMFormat(sampleRate: rate, channels: channels)
      self.speakers = speakers
      if let kind = [2: ADPCM.Kind.microsoft, 0x11: .ima][tag], bits == 4 {
        guard let adpcm = ADPCM(kind, channels: channels, blockLength: align) else {
          throw .unusable("its blocks of ADPCM have \(align) bytes, which hold no whole frames of \(channels) channels")
        }
        (self.adpcm, samples) = (adpcm, SampleLayout(.int16))
        return
      }
      adpcm = nil
      let natural = (bits + 7) / 8
      // PCM may lie in the upper bits of a wider container.
      let isWider = tag == 1 && align % channels == 0 && natural <= align / channels && align / channels <= 4
      let container = isWider ? align / channels : natural
      let format: SampleFormat
      switch (tag, container) {
      case (1, 1) where bits > 0: format = .uint8
      case (1, 2): format = .int16
      case (1, 3): format = .int24
      case (1, 4): format = .int32
      case (3, 4): format = .float32
      case (3, 8): format = .float64
      case (6, 1): format = .aLaw
      case (7, 1): format = .muLaw
      default:
        throw .foreign(
          "its samples have format tag \(tag) and \(bits) bits: PCM of up to 32 bits, float of 32 or 64 bits, A-law, µ-law "
            + "and ADPCM are read")
      }
      guard align == channels * format.bytes else {
        throw .unusable("its block alignment is \(align): \(channels * format.bytes) goes with its format")
      }
      samples = SampleLayout(format, isBigEndian: isBigEndian)
    }
  }
}

extension [UInt8] {
  fileprivate func text(_ offset: Int) -> String {
    String(decoding: self[offset..<offset + 4], as: UTF8.self)
  }

  /// An unsigned number; one that does not fit is the largest.
  fileprivate func number(_ offset: Int, octets: Int, isBigEndian: Bool) -> Int {
    let bytes = self[offset..<offset + octets]
    let number = (isBigEndian ? Array(bytes) : bytes.reversed()).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    // Half of the largest, so that an offset can be added.
    return Int(Swift.min(number, UInt64(Int.max / 2)))
  }
}
