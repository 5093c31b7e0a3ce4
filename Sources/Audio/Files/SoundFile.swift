import CSndFile
import Glibc

/// A regular file that libsndfile decodes: AIFF, AU, CAF, FLAC, MP3, Ogg (Vorbis, Opus, FLAC), Wave64, every kind of WAV, and
/// some older formats. Its calls wait for the disk.
final class SoundFile {
  /// Frames that are decoded at a time.
  private static let step = 4096
  private static let mostChannels = 64
  private static let rates = 8000...192_000

  /// The format of the file, with all its channels.
  let format: PCMFormat
  /// The loudspeaker of each channel as a bit of dwChannelMask; empty where the file names none.
  let speakers: [Int]
  /// Frames as the header tells; nil where it tells none.
  let count: Int?
  /// `FLAC, Signed 16 bit PCM`.
  let coding: String
  /// The tags of the file; nil where it has neither title nor artist.
  let title: SoundTitle?
  private let handle: OpaquePointer
  private let bytes: FileBytes
  /// Whether the samples are integers, which are handed on bit for bit. Every other sample is a floating-point number.
  private let isInteger: Bool
  private var integers: [Int32] = []
  private var numbers: [Double] = []

  /// - Parameters:
  ///   - file: an open regular file, which stays open.
  ///   - length: of the file, in bytes.
  /// - Throws: the error of the disk, or the reason why the file is unusable.
  init(_ file: Int32, length: Int) throws(SourceError) {
    let bytes = FileBytes(file, length: length)
    var functions = FileBytes.functions
    var info = SF_INFO()
    let handle = sf_open_virtual(&functions, Int32(SFM_READ), &info, Unmanaged.passUnretained(bytes).toOpaque())
    guard let handle else {
      if bytes.error != 0 { throw SourceError(String(cString: strerror(bytes.error))) }
      throw .foreign("it is not a sound file that libsndfile reads (\(Self.reason(nil)))")
    }
    let (channels, rate) = (Int(info.channels), Int(info.samplerate))
    let fault =
      if !(1...Self.mostChannels).contains(channels) {
        "it has \(channels) channels: 1 to \(Self.mostChannels) are read"
      } else if !Self.rates.contains(rate) {
        "its sample rate is \(rate) Hz: \(Self.rates.lowerBound) to \(Self.rates.upperBound) is read"
      } else if info.frames <= 0 {
        "it holds no samples"
      } else {
        String?.none
      }
    if let fault {
      withExtendedLifetime(bytes) { _ = sf_close(handle) }
      throw .unusable(fault)
    }
    (self.handle, self.bytes) = (handle, bytes)
    format = PCMFormat(sampleRate: rate, channels: channels)
    // A length that a header cannot have means that the header tells none.
    count = info.frames < 1 << 48 ? Int(info.frames) : nil
    let sub = Int(info.format) & Int(SF_FORMAT_SUBMASK)
    isInteger = ![
      SF_FORMAT_FLOAT, SF_FORMAT_DOUBLE, SF_FORMAT_VORBIS, SF_FORMAT_OPUS, SF_FORMAT_MPEG_LAYER_I,
      SF_FORMAT_MPEG_LAYER_II, SF_FORMAT_MPEG_LAYER_III,
    ].contains { Int($0) == sub }
    coding = [Int(info.format) & Int(SF_FORMAT_TYPEMASK), sub].map(Self.name).joined(separator: ", ")
    speakers = Self.speakers(of: handle, channels: channels)
    title = Self.title(of: handle)
  }

  deinit {
    withExtendedLifetime(bytes) { _ = sf_close(handle) }
  }

  /// Appends the next frames, interleaved with all channels at full scale 2^31.
  /// - Returns: the number of frames; fewer than wanted at the end of the sound alone.
  /// - Throws: the error of the disk.
  func read(_ wanted: Int, into frames: inout [Int32]) throws(SourceError) -> Int {
    var count = 0
    while count < wanted {
      let read = readStep(min(Self.step, wanted - count), into: &frames)
      if bytes.error != 0 { throw SourceError(String(cString: strerror(bytes.error))) }
      guard read > 0 else { break }
      count += read
    }
    return count
  }

  /// The reason why the last read ended the sound before its end; nil at its end.
  var damage: String? { sf_error(handle) == SF_ERR_NO_ERROR ? nil : Self.reason(handle) }

  /// Goes to a frame.
  /// - Returns: whether the file can be read from there on.
  func seek(to frame: Int) -> Bool { sf_seek(handle, sf_count_t(frame), SEEK_SET) == frame }

  private func readStep(_ wanted: Int, into frames: inout [Int32]) -> Int {
    let channels = format.channels
    let read: Int
    if isInteger {
      if integers.isEmpty { integers = [Int32](repeating: 0, count: Self.step * channels) }
      read = Int(sf_readf_int(handle, &integers, sf_count_t(wanted)))
      if read > 0 { frames += integers.prefix(read * channels) }
    } else {
      if numbers.isEmpty { numbers = [Double](repeating: 0, count: Self.step * channels) }
      read = Int(sf_readf_double(handle, &numbers, sf_count_t(wanted)))
      if read > 0 { for number in numbers.prefix(read * channels) { frames.append(SampleFormat.fullScale(number)) } }
    }
    return read
  }

  private static func reason(_ handle: OpaquePointer?) -> String {
    let text = String(cString: sf_strerror(handle))
    return text.hasSuffix(".") ? String(text.dropLast()) : text
  }

  /// The name of a format or of a coding: `FLAC` of `FLAC (Free Lossless Audio Codec)`.
  private static func name(_ format: Int) -> String {
    var info = SF_FORMAT_INFO(format: Int32(format), name: nil, extension: nil)
    let size = Int32(MemoryLayout<SF_FORMAT_INFO>.size)
    guard sf_command(nil, Int32(SFC_GET_FORMAT_INFO), &info, size) == 0, let name = info.name else { return "unknown" }
    return String(String(cString: name).prefix { $0 != "(" }).trimmingSpaces
  }

  private static func speakers(of handle: OpaquePointer, channels: Int) -> [Int] {
    var map = [Int32](repeating: 0, count: channels)
    let size = Int32(channels * MemoryLayout<Int32>.size)
    guard sf_command(handle, Int32(SFC_GET_CHANNEL_MAP_INFO), &map, size) != 0 else { return [] }
    let bits = map.compactMap(Self.bit(of:))
    return bits.count == channels ? bits : []
  }

  /// The bit of dwChannelMask for a loudspeaker as libsndfile numbers it; nil for one that has no place in a mix of two
  /// channels.
  private static func bit(of speaker: Int32) -> Int? {
    switch Int(speaker) {
    case SF_CHANNEL_MAP_LEFT, SF_CHANNEL_MAP_FRONT_LEFT: 0x1
    case SF_CHANNEL_MAP_RIGHT, SF_CHANNEL_MAP_FRONT_RIGHT: 0x2
    case SF_CHANNEL_MAP_CENTER, SF_CHANNEL_MAP_FRONT_CENTER: 0x4
    case SF_CHANNEL_MAP_LFE: 0x8
    case SF_CHANNEL_MAP_REAR_LEFT: 0x10
    case SF_CHANNEL_MAP_REAR_RIGHT: 0x20
    case SF_CHANNEL_MAP_FRONT_LEFT_OF_CENTER: 0x40
    case SF_CHANNEL_MAP_FRONT_RIGHT_OF_CENTER: 0x80
    case SF_CHANNEL_MAP_REAR_CENTER: 0x100
    case SF_CHANNEL_MAP_SIDE_LEFT: 0x200
    case SF_CHANNEL_MAP_SIDE_RIGHT: 0x400
    default: nil
    }
  }

  private static func title(of handle: OpaquePointer) -> SoundTitle? {
    func text(_ kind: Int) -> String? {
      guard let text = sf_get_string(handle, Int32(kind)) else { return nil }
      let value = String(cString: text).trimmingSpaces
      return value.isEmpty ? nil : value
    }
    let (title, artist) = (text(Int(SF_STR_TITLE)), text(Int(SF_STR_ARTIST)))
    return title == nil && artist == nil ? nil : SoundTitle(title: title, artist: artist)
  }
}

extension String {
  fileprivate var trimmingSpaces: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
