import Codec
import Glibc
import HLS
import Logging
import System

/// A stream's folder as a start finds it. Anybody who may write there may have put anything there: each file is looked at
/// before it is read, and what ringcast has not written is passed over with a line in the log.
struct FolderContent {
  /// The file with the era of the segments in the folder.
  static let eraFile = "era"
  /// The file with the titles of the last hours.
  static let playedFile = "played.json"
  /// More bytes than the longest segment has: 30 s of 320 kbit/s.
  private static let longestSegment = 2 << 20
  /// More bytes than a playlist of 10 000 segments has.
  private static let longestPlaylist = 4 << 20
  /// The most segments behind the last one of the playlist that are read. ringcast gives a segment its name just before the
  /// playlist lists it.
  private static let mostUnlisted = 100
  /// The most files that the log names one by one.
  private static let mostComplaints = 20

  /// Nil if it is missing or damaged.
  let playlist: Playlist?
  /// By media sequence number. Only the segments that may be listed again are whole; of the others there is the beginning,
  /// by which a segment of ringcast's is known.
  private(set) var files: [Int: [UInt8]] = [:]
  /// Nil if it is not known.
  let era: Era?
  /// The titles of the runs before; none where the file is missing or damaged.
  let played: PlayedTitles
  /// Whether the folder may lack what was served.
  private(set) var isMarked = false
  private let folder: Folder
  private let packaging: SegmentPackaging

  /// - Parameter packaging: of the stream's segments; files of another kind are passed over.
  init(_ folder: Folder, playlistName: String, packaging: SegmentPackaging, log: Log) {
    self.folder = folder
    self.packaging = packaging
    playlist = Self.playlist(folder, playlistName, of: packaging.codec, log)
    era = (try? folder.read(Self.eraFile, atMost: 64)).flatMap { bytes in
      Era(String(decoding: bytes, as: UTF8.self).prefix { $0 != "\n" })
    }
    played =
      (try? folder.read(Self.playedFile, atMost: PlayedDocument.longest)).flatMap(PlayedDocument.titles)
      ?? PlayedTitles()
    var complaints = readBeginnings()
    complaints += readListed()
    Self.report(complaints, of: folder, log)
  }

  /// Logs each thing that is passed over, or the number of those that are too many.
  static func report(_ complaints: [String], of folder: Folder, _ log: Log) {
    for complaint in complaints.prefix(mostComplaints) { log.warning("restore: \(complaint); passed over") }
    let more = complaints.count - mostComplaints
    if more > 0 { log.warning("restore: \(folder.path): \(more) more files; passed over") }
  }

  /// The segments that ringcast has written.
  var ours: [SegmentName] {
    files.filter { packaging.timestamp(of: $0.value) != nil }.map { SegmentName($0.key, of: packaging.codec) }
  }

  /// Reads the beginning of each segment, and removes the files that a run was writing when it ended.
  /// - Returns: a line for each file that can not be used.
  private mutating func readBeginnings() -> [String] {
    var complaints: [String] = []
    for name in (try? folder.files()) ?? [] {
      do throws(SystemError) {
        if let segment = SegmentName(name, of: packaging.codec), segment.part == nil {
          files[segment.sequence] = try folder.read(
            name, atMost: Self.longestSegment, first: packaging.preambleLength)
        } else if name.hasSuffix(Folder.temporarySuffix) {
          try folder.remove(name)
        } else if name == StreamFolder.mark {
          isMarked = true
        } else if !name.hasSuffix(".m3u8"), ![Self.eraFile, Self.playedFile].contains(name) {
          complaints.append("\(folder.path)/\(name) is not a segment")
        }
      } catch {
        complaints.append("\(error)")
      }
    }
    return complaints
  }

  /// Reads the segments that may be listed again.
  /// - Returns: a line for each file that can not be used.
  private mutating func readListed() -> [String] {
    guard let entries = playlist?.entries, let last = entries.last?.sequence else { return [] }
    let unlisted = (last + 1...last + Self.mostUnlisted).prefix { files[$0] != nil }
    var complaints: [String] = []
    for sequence in entries.map(\.sequence) + unlisted where files[sequence] != nil {
      do throws(SystemError) {
        let name = SegmentName(sequence, of: packaging.codec)
        files[sequence] = try folder.read("\(name)", atMost: Self.longestSegment)
      } catch {
        complaints.append("\(error)")
      }
    }
    return complaints
  }

  private static func playlist(_ folder: Folder, _ name: String, of codec: AudioCodec, _ log: Log) -> Playlist? {
    do {
      let bytes = try folder.read(name, atMost: longestPlaylist)
      return try Playlist(text: String(decoding: bytes, as: UTF8.self), codec: codec)
    } catch let error as SystemError {
      if error.code != ENOENT { log.warning("restore: \(error); passed over") }
      return nil
    } catch {
      log.warning("restore: \(folder.path)/\(name): \(error); passed over")
      return nil
    }
  }
}
