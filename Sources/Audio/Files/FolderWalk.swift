import Core
import Glibc

/// Collects the sound files of a folder, and of the folders in that folder, in the order of their names. A folder that cannot
/// be read does not hide the others.
struct FolderWalk {
  /// The most folders in each other.
  private static let mostDepth = 16
  /// The most names that are looked at, so that a walk over a whole disk ends.
  private static let mostNames = 100_000
  /// The most lines about folders that are left out.
  private static let mostRemarks = 20

  /// The endings of sound files, as people name them. Files with another ending, such as the picture of a cover, are no part
  /// of a folder's list. The list has formats that ringcast does not read, too, so that the log tells why they are not heard.
  private static let endings: Set<String> = [
    "wav", "wave", "bwf", "w64", "rf64", "aif", "aiff", "aifc", "flac", "ogg", "oga", "opus", "mp1", "mp2", "mp3",
    "caf",
    "au", "snd", "voc", "m4a", "aac", "wma", "ape", "wv", "mp4", "mka",
  ]

  private(set) var files: [ListedFile] = []
  /// The lines about folders that are left out.
  private var folderRemarks: [String] = []
  private let limit: Int
  private let isStopping: () -> Bool
  private var names = 0
  private var namesInOtherCodes = 0
  private var foldersLeftOut = 0
  private var hasMoreFiles = false

  /// Walks through the folder.
  /// - Parameters:
  ///   - limit: the most files.
  ///   - isStopping: ends the walk with an error.
  /// - Throws: the error of the folder itself; other folders that cannot be read are left out.
  init(_ path: String, atMost limit: Int, isStopping: @escaping () -> Bool) throws(SourceError) {
    (self.limit, self.isStopping) = (limit, isStopping)
    try walk(path, inside: [])
  }

  /// Lines for operators.
  var remarks: [String] {
    var lines = folderRemarks
    if foldersLeftOut > folderRemarks.count {
      lines.append("\(foldersLeftOut - folderRemarks.count) more folders in it are left out")
    }
    if namesInOtherCodes > 0 {
      lines.append("names in it that are not UTF-8, which are not played: \(namesInOtherCodes)")
    }
    if names > Self.mostNames { lines.append("only \(Self.mostNames) of its names are looked at") }
    if hasMoreFiles { lines.append(FileList.limit) }
    return lines
  }

  /// - Parameter parents: the folders that the folder lies in.
  private mutating func walk(_ path: String, inside parents: [FileStamp]) throws(SourceError) {
    let content: (stamp: FileStamp, entries: [Entry])
    do throws(SourceError) {
      guard parents.count < Self.mostDepth else {
        throw SourceError("it lies deeper than \(Self.mostDepth) folders")
      }
      content = try read(path, inside: parents)
    } catch {
      guard !parents.isEmpty, !isStopping() else { throw error }
      foldersLeftOut += 1
      if folderRemarks.count < Self.mostRemarks { folderRemarks.append("the folder \(path) is left out: \(error)") }
      return
    }
    for entry in content.entries {
      guard !hasMoreFiles else { return }
      let place = "\(path)/\(entry.name)"
      if entry.isFolder {
        try walk(place, inside: parents + [content.stamp])
      } else if files.count < limit {
        files.append(ListedFile(path: place))
      } else {
        hasMoreFiles = true
      }
    }
  }

  private struct Entry {
    let name: String
    let isFolder: Bool
  }

  /// The sound files and the folders in a folder, sorted.
  private mutating func read(
    _ path: String, inside parents: [FileStamp]
  ) throws(SourceError) -> (stamp: FileStamp, entries: [Entry]) {
    guard let directory = opendir(path) else { throw SourceError("\(String(cString: strerror(errno))) (opendir)") }
    defer { closedir(directory) }
    let stamp = try FileStamp(of: dirfd(directory))
    guard !parents.contains(where: { $0.isSameFile(as: stamp) }) else {
      throw SourceError("it leads back to a folder that it lies in")
    }
    var entries: [Entry] = []
    while names <= Self.mostNames, let entry = readdir(directory) {
      guard !isStopping() else { throw SourceError("it is no longer needed") }
      names += 1
      let text = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
      }
      guard let name = text else {
        namesInOtherCodes += 1
        continue
      }
      guard !name.begins(with: "."), let isFolder = Self.isFolder("\(path)/\(name)") else { continue }
      if isFolder || Self.isSoundName(name) { entries.append(Entry(name: name, isFolder: isFolder)) }
    }
    return (stamp, entries.sorted { $0.name < $1.name })
  }

  /// Nil for neither a regular file nor a folder.
  private static func isFolder(_ path: String) -> Bool? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: return true
    case S_IFREG: return false
    default: return nil
    }
  }

  private static func isSoundName(_ name: String) -> Bool {
    name.utf8.lastIndex(of: UInt8(ascii: ".")).map {
      endings.contains(Substring(name.utf8[$0...].dropFirst()).lowercased())
    } ?? false
  }
}
