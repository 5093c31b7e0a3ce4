import HLS
import System

/// A stream's folder as a copy of its ring: the ten-file cycle, and the playlist beside it. Used by one thread.
///
/// The folder is a valid HLS stream at every moment: a file gets its name when it is complete, the playlist names only
/// files that exist, and there are never more segments than a playlist lists, except while a new ring replaces another.
struct FolderMirror {
  private let folder: Folder
  private let playlistName: String
  /// The segments that are in the folder.
  private var present: Set<SegmentName>
  /// The playlist in the folder; nil if it is not known.
  private var playlist: Playlist?

  init(folder: Folder, playlistName: String, present: [SegmentName]) {
    self.folder = folder
    self.playlistName = playlistName
    self.present = Set(present)
  }

  /// Brings the folder to `ring` step by step, so that the playlist is valid after each step.
  mutating func update(_ ring: Ring) throws(FileError) {
    let listed = ring.listed
    let wanted = ring.playlist(of: listed)
    guard wanted != playlist else { return }
    // If a step fails, the next attempt begins from the start.
    playlist = nil
    try cycle(ring, listed)
    if !wanted.entries.isEmpty || wanted.ended { try write(wanted) }
    playlist = wanted
  }

  private mutating func cycle(_ ring: Ring, _ listed: ArraySlice<Segment>) throws(FileError) {
    try folder.create()
    // Somebody may have removed files, or the folder.
    let names = Set(try folder.files())
    if !names.contains(StreamFolder.mark) { try folder.mark(StreamFolder.mark) }
    present = present.filter { names.contains("\($0)") }
    // The segments of an earlier run stay listed until there are others to list.
    guard !listed.isEmpty else { return }
    let staying = listed.filter { present.contains($0.name) }
    let new = listed.filter { !present.contains($0.name) }
    for segment in new { try folder.prepare("\(segment.name)", segment.bytes, synced: true) }
    let stale = present.subtracting(listed.map(\.name)).sorted { $0.sequence < $1.sequence }
    if staying.isEmpty {
      try commit(new)
      try write(ring.playlist(of: listed))
      try remove(stale)
    } else {
      if !stale.isEmpty { try write(ring.playlist(of: staying)) }
      try remove(stale)
      try commit(new)
    }
  }

  private mutating func commit(_ segments: [Segment]) throws(FileError) {
    for segment in segments {
      try folder.commit("\(segment.name)")
      present.insert(segment.name)
    }
  }

  private mutating func remove(_ names: [SegmentName]) throws(FileError) {
    for name in names {
      try folder.remove("\(name)")
      present.remove(name)
    }
  }

  private func write(_ playlist: Playlist) throws(FileError) {
    try folder.replace(playlistName, Array(playlist.text().utf8))
  }
}
