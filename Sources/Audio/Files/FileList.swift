import Core
import Glibc
import System

/// A folder or a playlist whose files are played one after the other.
enum FileList: Equatable, Sendable {
  case folder(String)
  case playlist(String)

  /// The most files of a list.
  private static let mostFiles = 10_000
  /// The most bytes of a playlist, in mebibytes.
  private static let mostMebibytes = 4

  var path: String {
    switch self {
    case .folder(let path), .playlist(let path): path
    }
  }

  static func isPlaylist(_ path: String) -> Bool { [".m3u", ".m3u8"].contains { path.lowercased().ends(with: $0) } }

  /// Looks at the folder or the playlist.
  /// - Parameter isStopping: ends a walk through folders with an error.
  /// - Returns: the files in their own order, and lines for operators.
  func files(isStopping: @escaping () -> Bool) throws(SourceError) -> (files: [ListedFile], remarks: [String]) {
    switch self {
    case .folder(let path):
      let walk = try FolderWalk(path, atMost: Self.mostFiles, isStopping: isStopping)
      return (walk.files, walk.remarks)
    case .playlist(let path):
      let folder = path.lastIndex(of: "/").map { path[..<$0].isEmpty ? "/" : String(path[..<$0]) } ?? "."
      let list = M3U(try Self.text(of: path), folder: folder, atMost: Self.mostFiles)
      let urls = list.urls == 1 ? "1 URL" : "\(list.urls) URLs"
      let remark = list.urls == 0 ? nil : "it names \(urls): a playlist may name files alone"
      return (list.files, [remark, list.isCut ? Self.limit : nil].compactMap(\.self))
    }
  }

  static let limit = "it has more than \(mostFiles) files: the others are not played"

  private static func text(of path: String) throws(SourceError) -> [UInt8] {
    do throws(SystemError) {
      return try File.read(path, atMost: mostMebibytes << 20)
    } catch {
      guard error.code != EFBIG else {
        throw SourceError("it is longer than \(mostMebibytes) MiB, the most that a playlist may have")
      }
      throw SourceError(error.reason)
    }
  }
}
