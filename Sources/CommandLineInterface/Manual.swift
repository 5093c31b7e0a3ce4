import Live

/// The manual page ringcast(1), made from the table of flags (man(7)).
package enum Manual {
  package static var text: String {
    var lines = [
      ".\\\" Made by ringcast --manual.",
      ".TH RINGCAST 1 \"\" \"ringcast \(StationSettings.version)\" \"User Commands\"",
      ".SH NAME",
      "ringcast \\- stream live sound to the web",
      ".SH SYNOPSIS",
      ".B ringcast",
      "[\\fIoptions\\fR]",
      ".SH DESCRIPTION",
      "ringcast captures a sound card, a file or a pipe, encodes the sound as MP3, and serves it over HTTP as HLS: short",
      "numbered segments and a playlist that lists the newest ones. Its web page plays the stream in any browser without a gap.",
      "The page is at",
      ".IR http://localhost:8080/ ,",
      "the playlist at",
      ".IR /live.m3u8 ,",
      "the Low-Latency HLS playlist at",
      ".IR /live\\-ll.m3u8 ,",
      "and the endless stream for internet radios at",
      ".IR /live.mp3 .",
      "Operators see the state of the server at",
      ".IR /status.html .",
      "By default only this machine can connect, because a microphone is private; see",
      ".BR \\-\\-host .",
      ".SH OPTIONS",
      "A value follows a space or an equals sign. If an option is given twice, the last value counts; repeatable options add up.",
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
      "The settings of the service: one flag a line, without its dashes, such as",
      ".B port = 8080.",
      "Lines that begin with # are comments. A flag on the command line replaces the setting in the file.",
      "A line",
      ".BI [stream\\~ NAME ]",
      "begins the settings of the stream NAME; several such sections make several streams, each at its own",
      ".IR /NAME.m3u8 .",
      "Settings before the first section hold for every stream, a section changes them for its own stream, and a flag on the",
      "command line changes them for every stream, or behind",
      ".B \\-\\-stream",
      ".I NAME",
      "for that stream. Without a section and without \\-\\-stream there is one stream, live.",
      "A line",
      ".B [rooms]",
      "switches the rooms on, and begins their settings.",
      ".TP",
      ".I sound/<stream>/",
      "The newest segments and the playlist on disk: a valid HLS stream of its own. A restart continues from it.",
      ".TP",
      ".I sound/invite\\-key",
      "The key of the invites and sessions of rooms. The first start with rooms makes the key.",
      ".SH EXAMPLES",
      ".TP",
      ".B ringcast \\-\\-config /etc/ringcast/ringcast.conf \\-\\-invite studio \\-\\-role host \\-\\-expires 2h",
      "Prints a link that lets its receiver into the room studio as a host, for two hours.",
      ".SH EXIT STATUS",
      "0 after SIGTERM or SIGINT, or at the end of the input with \\fB\\-\\-exit\\-at\\-end\\fR; 1 after a failure;",
      "2 for an invalid setting, which the message names together with the rule.",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  /// Escapes backslashes, hyphens that a reader types, and a full stop at the beginning of a line, which is no request.
  private static func escaped(_ text: String) -> String {
    let marked = text.map { $0 == "\\" ? "\\e" : $0 == "-" ? "\\-" : String($0) }.joined()
    return marked.hasPrefix(".") ? "\\&" + marked : marked
  }
}
