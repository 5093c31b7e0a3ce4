import HLS
import System

/// A stream's folder as a copy of its ring: the ten-file cycle, and the playlist beside it. Used by one thread.
///
/// The folder is a valid HLS stream at every moment: files get their names whole, the playlist names only files that
/// are there, and there are never more segments than the playlist lists at most, but for the moment in which a new ring
/// takes the place of another.
struct FolderMirror {
  private let folder: Folder
  private let playlistName: String
  /// Numbers of the segments that are there.
  private var present: Set<Int>
  private var playlist: Playlist?

  init(folder: Folder, playlistName: String, present: [Int]) {
    (self.folder, self.playlistName, self.present) = (folder, playlistName, Set(present))
  }

  /// Brings the folder to `ring` step by step, so that its playlist holds good after each.
  mutating func update(_ ring: Ring) throws(FileError) {
    let listed = ring.listed
    let wanted = ring.playlist(of: listed)
    guard wanted != playlist else { return }
    // Whatever fails on the way, the next attempt begins from the start.
    playlist = nil
    try cycle(ring, listed)
    if !wanted.entries.isEmpty || wanted.ended { try write(wanted) }
    playlist = wanted
  }

  private mutating func cycle(_ ring: Ring, _ listed: ArraySlice<Segment>) throws(FileError) {
    try folder.create()
    // Somebody may have removed files, or the folder.
    let names = try folder.files()
    if !names.contains(StreamFolder.mark) { try folder.mark(StreamFolder.mark) }
    present.formIntersection(names.compactMap(Segment.sequence(ofName:)))
    // What an earlier run has left stays listed until there is something else to list.
    guard !listed.isEmpty else { return }
    let (staying, new) = (
      listed.filter { present.contains($0.sequence) }, listed.filter { !present.contains($0.sequence) }
    )
    for segment in new { try folder.prepare(segment.name, segment.bytes, synced: true) }
    let stale = present.subtracting(listed.map(\.sequence)).sorted()
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
      try folder.commit(segment.name)
      present.insert(segment.sequence)
    }
  }

  private mutating func remove(_ sequences: [Int]) throws(FileError) {
    for sequence in sequences {
      try folder.remove("\(sequence).mp3")
      present.remove(sequence)
    }
  }

  private func write(_ playlist: Playlist) throws(FileError) {
    try folder.replace(playlistName, Array(playlist.text().utf8))
  }
}
