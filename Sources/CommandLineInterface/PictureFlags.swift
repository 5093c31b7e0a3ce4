import Live

extension Flag {
  /// The flags of pictures.
  static let pictures: [Flag] = [
    .stream(
      "camera", .source, "PATH",
      "show the pictures of a V4L2 camera with the sound, such as /dev/video0; default none"
    ) { (value, stream) throws(Rule) in stream.camera = try path(value) }
  ]
}
