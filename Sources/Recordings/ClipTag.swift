/// The ID3v2.3 tag in front of a clip: its title and its stream, without room for more.
package struct ClipTag: Equatable, Sendable {
  package let bytes: [UInt8]

  /// - Parameters:
  ///   - title: at most some hundred characters.
  ///   - stream: the name of the stream.
  package init(title: String, stream: String) {
    let frames = ID3Tag.text("TIT2", title) + ID3Tag.text("TPE1", stream) + ID3Tag.text("TRSN", stream)
    bytes = ID3Tag.header(of: frames.count) + frames
  }
}
