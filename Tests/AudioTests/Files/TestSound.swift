import CSndFile
import Glibc
import Testing

/// Sound files for tests, written by libsndfile.
struct TestSound {
  /// `SF_FORMAT_FLAC | SF_FORMAT_PCM_16`, for example.
  var format = Int(SF_FORMAT_FLAC) | Int(SF_FORMAT_PCM_16)
  var rate = 44_100
  var channels = 1
  var title: String?
  var artist: String?

  /// - Parameter samples: interleaved, at full scale 2^31.
  func write(_ samples: [Int32], to path: String) throws {
    var info = SF_INFO()
    (info.samplerate, info.channels, info.format) = (Int32(rate), Int32(channels), Int32(format))
    let file = try #require(sf_open(path, Int32(SFM_WRITE), &info), "\(String(cString: sf_strerror(nil)))")
    if let title { sf_set_string(file, Int32(SF_STR_TITLE), title) }
    if let artist { sf_set_string(file, Int32(SF_STR_ARTIST), artist) }
    let frames = sf_count_t(samples.count / channels)
    // libsndfile does not scale integers to the full scale of floating-point numbers.
    if [SF_FORMAT_FLOAT, SF_FORMAT_DOUBLE].contains(format & Int(SF_FORMAT_SUBMASK)) {
      try #require(sf_writef_double(file, samples.map { Double($0) * 0x1p-31 }, frames) == frames)
    } else {
      try #require(sf_writef_int(file, samples, frames) == frames)
    }
    sf_close(file)
  }

  /// A folder that is there for the length of `body`.
  static func withFolder(_ body: (String) throws -> Void) throws {
    var name = Array("/tmp/sounds.XXXXXX".utf8CString)
    try #require(mkdtemp(&name) != nil)
    let path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { remove(path) }
    try body(path)
  }

  /// Removes a folder and the files in it.
  private static func remove(_ path: String) {
    guard let directory = opendir(path) else { return }
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name != ".", name != ".." else { continue }
      if entry.pointee.d_type == UInt8(DT_DIR) { remove("\(path)/\(name)") } else { unlink("\(path)/\(name)") }
    }
    closedir(directory)
    rmdir(path)
  }
}
