# Varnish as the cache in front of ringcast. It hands on a segment that is still coming in to all who ask.
# docs/scaling.md says why it is as it is.
#
# A ringcast that listens on 127.0.0.1 is private. Start it with --allow-host and the name that listeners type here, as in
# --allow-host radio.example. To let pages of other sites embed the stream, add --allow-origin '*'.
vcl 4.1;

import std;

backend default {
  .host = "127.0.0.1";
  .port = "8080";
  .first_byte_timeout = 5s;
}

sub vcl_recv {
  # What an answer depends on. Whatever else stands in an address, a session too, counts for nothing and stays here.
  set req.url = regsuball(req.url, "(?<=[?&])(?!_HLS_(msn|part|skip)=|prompt=(&|$))[^&]*&?", "");
  set req.url = std.querysort(regsub(req.url, "[?&]+$", ""));
  unset req.http.Cookie;
  # The endless stream, to each its own.
  if (req.url == "/live.mp3") {
    return (pipe);
  }
}

sub vcl_pipe {
  # Else what comes after it on the connection would go past these rules.
  set bereq.http.Connection = "close";
}

sub vcl_backend_fetch {
  # A listener's name is for the log here, as %{Ringcast-Session}i: ringcast would take the first of many for all.
  unset bereq.http.Ringcast-Session;
  # These are held until they are there, for three target durations at the most.
  if (bereq.url ~ "\.mp3(\?|$)|_HLS_msn=") {
    set bereq.first_byte_timeout = 100s;
  }
}

sub vcl_backend_response {
  # Nothing old is handed out.
  set beresp.grace = 0s;
  # Failures, and what is not for all, are not kept. Only that it is so is, for a second: meanwhile nobody waits for
  # anybody else's answer.
  if (beresp.http.Cache-Control !~ "public") {
    set beresp.uncacheable = true;
    set beresp.ttl = 1s;
    return (deliver);
  }
}
