import Live

/// The manual page ringcast(1), made from the table of flags (man(7)).
package enum Manual {
  package static var text: String {
    var lines = [
      ".\\\" Made by ringcast --manual.",
      ".TH RINGCAST 1 \"\" \"ringcast \(Configuration.version)\" \"User Commands\"",
      ".SH NAME",
      "ringcast \\- put a sound source on the web, live",
      ".SH SYNOPSIS",
      ".B ringcast",
      "[\\fIoptions\\fR]",
      ".SH DESCRIPTION",
      "Turns a sound card, a file or a pipe into a rolling ring of numbered MP3 segments with an HLS playlist, and serves both",
      "over HTTP, with a page that plays them in any browser without a gap.",
      "The page is at",
      ".IR http://localhost:8080/ ,",
      "the playlist at",
      ".IR /live.m3u8 ,",
      "that of Low-Latency HLS at",
      ".IR /live\\-ll.m3u8 ,",
      "and the endless stream for internet radios at",
      ".IR /live.mp3 .",
      "Operators see how it is doing at",
      ".IR /status.html .",
      ".SH OPTIONS",
      "Long options take their value after a space or an equals sign; of two the last one wins.",
    ]
    for group in Flag.Group.allCases {
      lines.append(".SS \(group.rawValue)")
      for flag in Flag.all where flag.group == group {
        let value = flag.placeholder.map { " \\fI\(escaped($0))\\fR" } ?? ""
        lines += [".TP", "\\fB\(escaped("--" + flag.name))\\fR\(value)", escaped(flag.help)]
      }
    }
    lines += [
      ".SH FILES",
      ".TP",
      ".I /etc/ringcast/ringcast.conf",
      "What the service is started with: a flag a line, without its dashes, as in",
      ".B port = 8080.",
      "Lines that begin with # are comments. Flags on the command line win.",
      ".TP",
      ".I sound/<stream>/",
      "The ring on disk, a valid HLS stream in its own right, from which a restart goes on.",
      ".SH EXIT STATUS",
      "0 when stopped by SIGTERM or SIGINT, or at the input's end with \\fB\\-\\-exit\\-at\\-end\\fR; 1 where something failed;",
      "2 where a setting breaks a rule, which is named.",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  /// Hyphens that are to be typed, backslashes, and a line's first point, which is no request.
  private static func escaped(_ text: String) -> String {
    let marked = text.map { $0 == "\\" ? "\\e" : $0 == "-" ? "\\-" : String($0) }.joined()
    return marked.hasPrefix(".") ? "\\&" + marked : marked
  }
}
