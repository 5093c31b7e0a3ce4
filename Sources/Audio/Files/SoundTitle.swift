/// The title of a piece of sound, as its file or its playlist tells: not checked in any way.
package struct SoundTitle: Equatable, Sendable {
  package let title: String?
  package let artist: String?

  package init(title: String?, artist: String? = nil) {
    (self.title, self.artist) = (title, artist)
  }
}
