import Glibc

/// A WAV file, or a file of raw samples, that is read once or over and over without a seam. The file may grow while it is
/// read, and may be written anew.
final class FileInput: Input {
  /// The place of the sound in the file.
  private struct Sound {
    var decoder: FrameDecoder
    /// Bytes from the file's start.
    var start: Int
    /// Bytes; nil where the sound goes on to the end of the file.
    var length: Int?
    var remarks: [String] = []
  }

  private let file: Int32
  private let path: String
  private let choice: InputChoice
  private var sound: Sound
  private var stamp: FileStamp
  /// Bytes of the sound that were read in this round.
  private var offset = 0
  /// Whether the content is not the one that was read before.
  private var isStale = false
  private var raw: [UInt8]

  /// - Parameters:
  ///   - file: the open file, which belongs to the input from now on.
  ///   - previous: the input that has failed; the same sound goes on where it stopped.
  init(_ file: Int32, path: String, _ choice: InputChoice, after previous: FileInput?) throws(SourceError) {
    (self.file, self.path, self.choice) = (file, path, choice)
    stamp = try FileStamp(of: file)
    sound = try Self.sound(in: file, stamp, choice)
    raw = [UInt8](repeating: 0, count: sound.decoder.length(ofFrames: choice.blockSize))
    if let previous, !previous.isStale, isSame(previous.sound), previous.offset <= length { offset = previous.offset }
  }

  var format: PCMFormat { sound.decoder.format }
  var summary: String { "file \(path), \(sound.decoder.summary)" }
  var remarks: [String] { sound.remarks }
  var framesLeft: Int? { max(0, length - offset) / sound.decoder.unitLength * sound.decoder.framesPerUnit }
  /// Half a second.
  var mostWaitingSamples: Int { format.sampleRate * format.channels / 2 }

  func close() {
    Glibc.close(file)
  }

  func read(into block: inout [Int32]) throws(SourceError) -> InputArrival {
    try look()
    var (count, hasLooped) = (0, false)
    while count < raw.count {
      let length = length
      if offset >= length {
        guard choice.loops, length > 0 else { break }
        if !hasLooped, stamp.isReplaced(at: path) {
          guard count > 0 else { return .replaced }
          break
        }
        (offset, hasLooped) = (0, true)
      }
      let step = min(raw.count - count, length - offset)
      if hasLooped, count >= length {
        // A round that is shorter than a block is in it already.
        for index in count..<count + step { raw[index] = raw[index - length] }
      } else {
        try fill(count..<count + step)
      }
      count += step
      offset += step
    }
    guard count > 0 else {
      guard sound.length == nil, stamp.isFresh else { return .end(remark: nil) }
      // More may be written.
      usleep(100_000)
      return .nothing
    }
    raw.withUnsafeBytes {
      sound.decoder.decode(UnsafeRawBufferPointer(rebasing: $0[..<count]), into: &block)
    }
    return .frames(isAhead: false)
  }

  /// Bytes of whole frames or blocks that the sound has now.
  private var length: Int {
    let unit = sound.decoder.unitLength
    return (sound.length ?? max(0, stamp.size - sound.start)) / unit * unit
  }

  private func fill(_ range: Range<Int>) throws(SourceError) {
    let place = sound.start + offset
    let count = raw.withUnsafeMutableBytes { pread(file, $0.baseAddress! + range.lowerBound, range.count, place) }
    guard count >= 0 else { throw SourceError(String(cString: strerror(errno))) }
    guard count == range.count else {
      isStale = true
      throw SourceError("it has become shorter")
    }
  }

  /// Notices that the file was written to: more sound, or another one.
  private func look() throws(SourceError) {
    let now = try FileStamp(of: file)
    guard now != stamp else { return }
    let before = sound
    isStale = true
    stamp = now
    do {
      sound = try Self.sound(in: file, now, choice)
    } catch {
      throw SourceError("it was written to, and \(error.description)")
    }
    guard isSame(before), offset <= length else { throw SourceError("it was written anew") }
    isStale = false
  }

  private func isSame(_ other: Sound) -> Bool {
    sound.start == other.start && sound.decoder.layout == other.decoder.layout
      && sound.decoder.unitLength == other.decoder.unitLength && sound.decoder.format == other.decoder.format
  }

  private static func sound(in file: Int32, _ stamp: FileStamp, _ choice: InputChoice) throws(SourceError) -> Sound {
    if WAVHeader.isWAV(try bytes(of: file, from: 0, count: 12)) {
      let header = try WAVHeader(fileLength: stamp.size) { (offset, count) throws(SourceError) in
        try bytes(of: file, from: offset, count: count)
      }
      let decoder = try FrameDecoder(header, chosen: choice.channels)
      return Sound(
        decoder: decoder, start: header.dataOffset, length: header.isOpenEnded ? nil : header.dataLength,
        remarks: [header.remark, decoder.remark, choice.isRawNamed ? InputChoice.headerCounts : nil].compactMap(\.self))
    }
    guard choice.isRawNamed else { throw .unusable("it is not a WAV file: it does not start with RIFF … WAVE") }
    let decoder = try FrameDecoder(choice)
    guard stamp.size >= decoder.unitLength else { throw .unusable("it holds no samples") }
    return Sound(decoder: decoder, start: 0, length: nil, remarks: [decoder.remark].compactMap(\.self))
  }

  /// Fewer bytes at the end of the file.
  static func bytes(of file: Int32, from offset: Int, count: Int) throws(SourceError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let read = pread(file, &bytes, count, offset)
    guard read >= 0 else { throw SourceError(String(cString: strerror(errno))) }
    return Array(bytes.prefix(read))
  }
}
