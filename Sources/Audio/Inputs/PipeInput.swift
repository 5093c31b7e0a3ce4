import Glibc

/// A pipe, or another descriptor that is read in order: raw samples, or a WAV file.
final class PipeInput: Input {
  /// The longest wait of a read.
  private static let timeout: Int32 = 100
  /// Linux's F_GETPIPE_SZ.
  private static let pipeSizeRequest: Int32 = 1032

  private let descriptor: Int32
  private let choice: InputChoice
  /// Whether the descriptor is closed with the input, and its writer's end is not the end of the sound.
  private let isNamed: Bool
  private let isStopping: @Sendable () -> Bool
  /// Bytes that the pipe can hold.
  private let capacity: Int
  private var decoder: FrameDecoder
  private var hasHeader = false
  /// Bytes of the sound that are still to come; nil where no header tells its length.
  private var rest: Int?
  /// Bytes that were read, and are not played yet.
  private var pending: [UInt8] = []
  /// Bytes behind the sound that make its length even.
  private var padding = 0
  /// The first bytes behind the sound, and the number of all of them.
  private var surplus: (beginning: [UInt8], count: Int) = ([], 0)
  private(set) var remarks: [String] = []

  /// Waits for the first bytes, which tell the format.
  /// - Parameters:
  ///   - isNamed: for a named pipe, which belongs to the input from now on.
  ///   - isStopping: ends the wait.
  init(
    _ descriptor: Int32, isNamed: Bool, _ choice: InputChoice, isStopping: @escaping @Sendable () -> Bool
  ) throws(SourceError) {
    (self.descriptor, self.isNamed, self.choice, self.isStopping) = (descriptor, isNamed, choice, isStopping)
    let size = fcntl(descriptor, Self.pipeSizeRequest)
    // A file or a socket has no such size.
    capacity = size > 0 ? Int(size) : .max
    // The channels are chosen when their number is known.
    let raw = choice.raw
    decoder = FrameDecoder(raw.layout, raw.format, try ChannelMap(inputs: raw.format.channels))
    try recognise()
    if !hasHeader, let remark = decoder.remark { remarks.append(remark) }
  }

  var format: PCMFormat { decoder.format }
  var mostWaitingSamples: Int { 0 }

  var summary: String {
    let form = hasHeader ? "WAV, \(decoder.summary)" : decoder.summary
    return switch choice.place {
    case .descriptor: "standard input, \(form)"
    case .path(let path): "pipe \(path), \(form)"
    }
  }

  func close() {
    if isNamed { Glibc.close(descriptor) }
  }

  func read(into block: inout [Int32]) throws(SourceError) -> InputArrival {
    if rest == 0 { return try drain() }
    let unit = decoder.unitLength
    let wanted = min(decoder.length(ofFrames: choice.blockSize), rest ?? .max)
    var isAhead = false
    if pending.count < unit {
      isAhead = isMoreThanHalfFull
      guard let more = try receive(atMost: wanted - pending.count) else { return .nothing }
      guard !more.isEmpty else { return try end() }
      pending += more
    }
    let whole = min(pending.count, wanted) / unit * unit
    guard whole > 0 else { return .nothing }
    pending.withUnsafeBytes { decoder.decode(UnsafeRawBufferPointer(rebasing: $0[..<whole]), into: &block) }
    pending.removeFirst(whole)
    rest = rest.map { $0 - whole }
    return .frames(isAhead: isAhead)
  }

  private func recognise() throws(SourceError) {
    try gather(12)
    if WAVHeader.isWAV(pending) { return try readHeader() }
    if ForeignFormat.mayBeFrame(pending) { try gather(ForeignFormat.longestHead) }
    if let name = ForeignFormat.name(of: pending) {
      throw .unusable("it begins like \(name), which is not read: \(choice.advice)")
    }
    decoder = try FrameDecoder(choice)
    guard !choice.isRawNamed, choice.raw.layout == SampleLayout(.int16) else { return }
    try gather(FloatGuess.length)
    if FloatGuess.looksLikeFloat(pending) {
      remarks.append("it looks like 32-bit float, and is played as s16le: --raw-format f32le plays float")
    }
  }

  private func readHeader() throws(SourceError) {
    var position = 0
    let header = try WAVHeader(fileLength: nil) { (offset, count) throws(SourceError) in
      try skip(offset - position)
      position = offset
      try gather(count)
      return Array(pending.prefix(count))
    }
    try skip(header.dataOffset - position)
    decoder = try FrameDecoder(header, chosen: choice.channels)
    hasHeader = true
    if let remark = decoder.remark { remarks.append(remark) }
    rest = header.isOpenEnded ? nil : header.dataLength
    padding = header.dataLength % 2
    if choice.isRawNamed { remarks.append(InputChoice.headerCounts) }
  }

  /// Reads until so many bytes are pending, or no more come.
  private func gather(_ count: Int) throws(SourceError) {
    while pending.count < count {
      guard !isStopping() else { throw SourceError("it is no longer needed") }
      guard let more = try receive(atMost: max(4096, count) - pending.count) else { continue }
      guard !more.isEmpty else {
        if isNamed, pending.isEmpty { throw SourceError("its writer has gone") }
        return
      }
      pending += more
    }
  }

  /// Passes over bytes.
  private func skip(_ count: Int) throws(SourceError) {
    var left = count
    while left > 0 {
      try gather(min(left, 4096))
      guard !pending.isEmpty else { return }
      let step = min(left, pending.count)
      pending.removeFirst(step)
      left -= step
    }
  }

  /// The next bytes: none at the end, nil where none came within a tenth of a second.
  private func receive(atMost count: Int) throws(SourceError) -> [UInt8]? {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&request, 1, Self.timeout) > 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: count)
    let read = Glibc.read(descriptor, &bytes, count)
    if read < 0, errno == EINTR || errno == EAGAIN { return nil }
    guard read >= 0 else { throw SourceError(String(cString: strerror(errno))) }
    return Array(bytes.prefix(read))
  }

  private var isMoreThanHalfFull: Bool {
    var waiting: Int32 = 0
    return ioctl(descriptor, UInt(FIONREAD), &waiting) == 0 && Int(waiting) > capacity / 2
  }

  /// Reads what lies behind the sound, so that its writer does not wait.
  private func drain() throws(SourceError) -> InputArrival {
    if surplus.count == 0 {
      try gather(12 + padding)
      if WAVHeader.isWAV(Array(pending.dropFirst(padding))) {
        // The next file, of a producer that writes one after the other.
        pending.removeFirst(padding)
        remarks = []
        try readHeader()
        return .changed
      }
    }
    if pending.isEmpty {
      guard let more = try receive(atMost: 65_536) else { return .nothing }
      guard !more.isEmpty else { return try end() }
      pending = more
    }
    surplus.beginning += pending.prefix(4 - surplus.beginning.count)
    surplus.count += pending.count
    pending = []
    return .nothing
  }

  /// No more comes.
  private func end() throws(SourceError) -> InputArrival {
    guard !isNamed else { throw SourceError("its writer has gone") }
    if let rest, rest > 0 {
      return .end(remark: "it is cut off: its header names \(rest) bytes of sound more than came")
    }
    // Chunks, whose names are letters, are no sound. A pad byte may come before them.
    let beginning = surplus.beginning.drop { $0 == 0 }
    let isChunk = beginning.allSatisfy { (0x20...0x7E).contains($0) } && !beginning.elementsEqual("RIFF".utf8)
    return .end(
      remark: isChunk || surplus.count < 4
        ? nil : "\(surplus.count) bytes came behind the sound that its header names: they are not played")
  }
}
